import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { toTheEnd } from '../../../src/onnx/shapeOperators';
import { checkRefusals, checkTypes } from './buildingTables';

describe('the result of an operator that moves elements', () => {
  checkTypes([
    ['Shape', (g, x) => g.Shape(x('float32', 'T', 2, 3)), 'int64 [3]'],
    ['Reshape', (g, x) => g.Reshape(x('float32', 2, 6), [3, 4]), 'float32 [3, 4]'],
    ['Reshape with -1', (g, x) => g.Reshape(x('int32', 2, 6), [-1, 4]), 'int32 [3, 4]'],
    ['Reshape of named sizes', (g, x) => g.Reshape(x('float32', 'T', 'B', 4), ['T', -1, 2]), 'float32 [T, 2*B, 2]'],
    ['Reshape to a product', (g, x) => g.Reshape(x('float32', 'T', 2, 'B'), ['B*T', 2]), 'float32 [B*T, 2]'],
    ['Reshape to no axes', (g, x) => g.Reshape(x('float32', 1, 1), []), 'float32 []'],
    ['Expand', (g, x) => g.Expand(x('float32', 'B', 1), [2, 'B', 3]), 'float32 [2, B, 3]'],
    ['zeros', (g, x) => (x('float32', 'B'), g.zeros(['B', 2], 'float64')), 'float64 [B, 2]'],
    ['Squeeze', (g, x) => g.Squeeze(x('float32', 1, 'T', 1, 2), [0, -2]), 'float32 [T, 2]'],
    ['Unsqueeze', (g, x) => g.Unsqueeze(x('float32', 'T', 2), [-1, 1]), 'float32 [T, 1, 2, 1]'],
    ['Transpose', (g, x) => g.Transpose(x('float32', 'T', 2, 'B'), [2, 0, 1]), 'float32 [B, T, 2]'],
    ['Concat', (g, x) => g.Concat([x('float32', 'T', 2), x('float32', 1, 2)], 0), 'float32 [T+1, 2]'],
    ['Split', (g, x) => g.Split(x('float32', 'T', 5), [2, 3], -1)[1]!, 'float32 [T, 3]'],
    ['Split of a named size', (g, x) => g.Split(x('float32', 'T+2', 'T'), ['T', 2], 0)[0]!, 'float32 [T, T]'],
    ['Slice', (g, x) => g.Slice(x('float32', 5, 2), 1, 4, 0), 'float32 [3, 2]'],
    ['Slice to the end', (g, x) => g.Slice(x('float32', 'T', 2), 1, toTheEnd, 0), 'float32 [T+-1, 2]'],
    ['Slice from the end', (g, x) => g.Slice(x('float32', 'T', 2), -2, toTheEnd, 0), 'float32 [2, 2]'],
    ['Slice before the end', (g, x) => g.Slice(x('float32', 'T', 2), 1, -1, 0), 'float32 [T+-2, 2]'],
    ['Slice of nothing', (g, x) => g.Slice(x('float32', 4), 2, 2, 0), 'float32 [0]'],
    ['Gather', (g, x) => g.Gather(x('float32', 9, 4, 2), x('int32', 'T', 'B'), 1), 'float32 [9, T, B, 2]'],
    ['Gather of one', (g, x) => g.Gather(x('string', 9), x('int64'), 0), 'string []'],
    ['GatherElements', (g, x) => g.GatherElements(x('float32', 'B', 4), x('int64', 'B', 1), 1), 'float32 [B, 1]'],
    ['GatherND', (g, x) => g.GatherND(x('float32', 2, 3, 4), x('int64', 'N', 2)), 'float32 [N, 4]'],
    [
      'ScatterElements',
      (g, x) => g.ScatterElements(x('float32', 4, 2), x('int32', 1, 2), x('float32', 1, 2), 0, 'add'),
      'float32 [4, 2]',
    ],
    [
      'ScatterND',
      (g, x) => g.ScatterND(x('int64', 'V', 2), x('int64', 'N', 1), x('int64', 'N', 2), 'none'),
      'int64 [V, 2]',
    ],
    ['OneHot', (g, x) => g.OneHot(x('int32', 'B'), 3), 'float32 [B, 3]'],
    ['OneHot in double precision', (g, x) => g.OneHot(x('int64', 'B'), 3, 'float64'), 'float64 [B, 3]'],
    ['ReverseSequence', (g, x) => g.ReverseSequence(x('float32', 'T', 'B', 2), x('int64', 'B')), 'float32 [T, B, 2]'],
  ]);
});

describe('an operator that changes nothing', () => {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['T', 2, 3]);

  it('is its operand', () => {
    assert.equal(g.Reshape(x, ['T', -1, 3]), x);
    assert.equal(g.Expand(x, ['T', 2, 3]), x);
    assert.equal(g.Transpose(x, [0, 1, 2]), x);
    assert.equal(g.Concat([x], 1), x);
    assert.equal(g.Slice(x, 0, toTheEnd, 0), x);
    assert.equal(g.Slice(x, 0, 3, -1), x);
    assert.equal(g.nodes.length, 0);
  });

  it('is found across two in a row', () => {
    assert.equal(g.Transpose(g.Transpose(x, [1, 2, 0]), [2, 0, 1]), x);
    assert.equal(g.Reshape(g.Reshape(x, ['T', 6]), ['T', 2, 3]), x);
    const once = g.Transpose(g.Transpose(x, [1, 2, 0]), [1, 0, 2]);
    assert.equal(once.producer!.inputs[0], x);
    assert.deepEqual(once.producer!.attributes, { perm: [2, 1, 0] });
    assert.equal(g.Reshape(g.Reshape(x, [6, 'T']), ['T', 6]).producer!.inputs[0], x);
  });
});

describe('an operator that moves elements', () => {
  checkRefusals([
    [
      'Reshape to another number of elements',
      (g, x) => g.Reshape(x('float32', 'T', 2), ['T', 3]),
      'Reshape: float32 [T, 2] "x" has not the number of elements of [T, 3].',
    ],
    [
      'Reshape that does not divide',
      (g, x) => g.Reshape(x('float32', 'T', 2), ['B', -1]),
      'Reshape: float32 [T, 2] "x" does not divide into [B, -1].',
    ],
    [
      'Reshape with two open sizes',
      (g, x) => g.Reshape(x('float32', 2, 3), [-1, -1]),
      'Reshape: [-1, -1] is not a shape with at most one -1.',
    ],
    [
      'Reshape to negative sizes',
      (g, x) => g.Reshape(x('float32', 2, 3), [-2, -3]),
      'Reshape: [-2, -3] is not a shape with at most one -1.',
    ],
    [
      'Expand of an axis that is not of size 1',
      (g, x) => g.Expand(x('float32', 2, 3), [4, 3]),
      'Expand: float32 [2, 3] "x" does not expand to [4, 3].',
    ],
    [
      'Expand to fewer axes',
      (g, x) => g.Expand(x('float32', 1, 3), [3]),
      'Expand: float32 [1, 3] "x" does not expand to [3].',
    ],
    [
      'Squeeze of a larger axis',
      (g, x) => g.Squeeze(x('float32', 1, 2), [1]),
      'Squeeze: axis 1 of float32 [1, 2] "x" is not of size 1.',
    ],
    ['Squeeze of no axis', (g, x) => g.Squeeze(x('float32', 1), [1]), 'Squeeze: float32 [1] "x" has no axis 1.'],
    ['Squeeze twice', (g, x) => g.Squeeze(x('float32', 1), [0, -1]), 'Squeeze: [0, -1] names an axis twice.'],
    ['Unsqueeze beyond', (g, x) => g.Unsqueeze(x('float32', 2), [2]), 'Unsqueeze: no axis 2 in a result of rank 2.'],
    ['Unsqueeze twice', (g, x) => g.Unsqueeze(x('float32', 2), [0, 0]), 'Unsqueeze: [0, 0] names an axis twice.'],
    [
      'Transpose by no permutation',
      (g, x) => g.Transpose(x('float32', 2, 3), [0, 0]),
      'Transpose: [0, 0] does not permute the axes of float32 [2, 3] "x".',
    ],
    [
      'Transpose of too few axes',
      (g, x) => g.Transpose(x('float32', 2, 3), [0]),
      'Transpose: [0] does not permute the axes of float32 [2, 3] "x".',
    ],
    ['Concat of nothing', (g) => g.Concat([], 0), 'Concat: expected at least one part.'],
    [
      'Concat of other sizes',
      (g, x) => g.Concat([x('float32', 2, 3), x('float32', 2, 4)], 0),
      'Concat: float32 [2, 4] "x1" does not fit float32 [2, 3] "x" along axis 0.',
    ],
    [
      'Concat of other element types',
      (g, x) => g.Concat([x('float32', 2), x('int32', 2)], -1),
      'Concat: int32 [2] "x1" does not fit float32 [2] "x" along axis 0.',
    ],
    [
      'Split that does not add up',
      (g, x) => g.Split(x('float32', 5), [2, 2], 0),
      'Split: sizes 2 + 2 do not add up to axis 0 of float32 [5] "x".',
    ],
    [
      'Split into a negative size',
      (g, x) => g.Split(x('float32', 5), [6, -1], 0),
      'Split: sizes 6 + -1 do not add up to axis 0 of float32 [5] "x".',
    ],
    [
      'Slice past the end',
      (g, x) => g.Slice(x('float32', 4), 2, 6, 0),
      'Slice: 2 to 6 is outside of axis 0 of float32 [4] "x".',
    ],
    [
      'Slice after the end',
      (g, x) => g.Slice(x('float32', 4), 5, 6, 0),
      'Slice: 5 to 6 is outside of axis 0 of float32 [4] "x".',
    ],
    [
      'Slice before the start',
      (g, x) => g.Slice(x('float32', 4), -6, 2, 0),
      'Slice: -6 to 2 is outside of axis 0 of float32 [4] "x".',
    ],
    [
      'Slice of a negative length',
      (g, x) => g.Slice(x('float32', 'T'), 3, 1, 0),
      'Slice: 3 to 1 is outside of axis 0 of float32 [T] "x".',
    ],
    ['Slice of no axis', (g, x) => g.Slice(x('float32', 4), 0, 1, 1), 'Slice: float32 [4] "x" has no axis 1.'],
    [
      'Gather by floats',
      (g, x) => g.Gather(x('float32', 4), x('float32', 2), 0),
      'Gather: expected integer indices, found float32 [2] "x1".',
    ],
    [
      'Gather along no axis',
      (g, x) => g.Gather(x('float32', 4), x('int64', 2), 1),
      'Gather: float32 [4] "x" has no axis 1.',
    ],
    [
      'GatherElements by another rank',
      (g, x) => g.GatherElements(x('float32', 4, 2), x('int64', 2), 0),
      'GatherElements: int64 [2] "x1" has not the rank of float32 [4, 2] "x".',
    ],
    [
      'GatherND by int32',
      (g, x) => g.GatherND(x('float32', 4), x('int32', 2, 1)),
      'GatherND: expected int64 index tuples into float32 [4] "x", found int32 [2, 1] "x1".',
    ],
    [
      'GatherND by tuples that are too long',
      (g, x) => g.GatherND(x('float32', 4), x('int64', 2, 2)),
      'GatherND: expected int64 index tuples into float32 [4] "x", found int64 [2, 2] "x1".',
    ],
    [
      'ScatterElements of another shape',
      (g, x) => g.ScatterElements(x('float32', 4), x('int64', 2), x('float32', 3), 0, 'add'),
      'ScatterElements: float32 [3] "x2" has not the shape of int64 [2] "x1".',
    ],
    [
      'ScatterElements of another element type',
      (g, x) => g.ScatterElements(x('float32', 4), x('int64', 2), x('float64', 2), 0, 'add'),
      'ScatterElements: element types differ: float32 [4] "x" and float64 [2] "x2".',
    ],
    [
      'ScatterND of another shape',
      (g, x) => g.ScatterND(x('float32', 4, 2), x('int64', 3, 1), x('float32', 3), 'add'),
      'ScatterND: float32 [3] "x2" does not fit float32 [4, 2] "x" at int64 [3, 1] "x1".',
    ],
    [
      'ScatterND of another element type',
      (g, x) => g.ScatterND(x('float32', 4), x('int64', 3, 1), x('int32', 3), 'add'),
      'ScatterND: element types differ: float32 [4] "x" and int32 [3] "x2".',
    ],
    [
      'OneHot of floats',
      (g, x) => g.OneHot(x('float32', 2), 3),
      'OneHot: expected integer indices, found float32 [2] "x".',
    ],
    [
      'ReverseSequence with lengths of another batch',
      (g, x) => g.ReverseSequence(x('float32', 'T', 'B'), x('int64', 'T')),
      'ReverseSequence: expected int64 [B] lengths, found int64 [T] "x1".',
    ],
    [
      'ReverseSequence without a batch',
      (g, x) => g.ReverseSequence(x('float32', 'T'), x('int64', 'T')),
      'ReverseSequence: expected [time, batch, ...], found float32 [T] "x".',
    ],
  ]);
});
