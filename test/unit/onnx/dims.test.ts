import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addDims,
  broadcastShapes,
  type Dim,
  divideDims,
  equalShapes,
  multiplyDims,
  renderShape,
  type Shape,
  sizeOf,
  termsOf,
} from '../../../src/onnx/dims';

describe('symbolic dimensions', () => {
  it('add in one canonical text, whatever the order', () => {
    const cases: [Dim[], Dim][] = [
      [[], 0],
      [[2, 3], 5],
      [['T', 'T'], '2*T'],
      [['T', 1, -1], 'T'],
      [['T', -1], 'T+-1'],
      [[-1, 'T'], 'T+-1'],
      [['2*T', '-1*T'], 'T'],
      [['T', '-1*T'], 0],
      [['T+1', '-1*T'], 1],
      [['B', 'T'], 'T+B'],
      [['T', 'B'], 'T+B'],
      [['B*T', 'T', 2, 'T*B'], 'T+2*B*T+2'],
    ];
    for (const [dims, sum] of cases) assert.equal(addDims(...dims), sum, `the sum of ${dims.join(', ')}`);
  });

  it('multiply as polynomials do', () => {
    const cases: [Dim[], Dim][] = [
      [[], 1],
      [[2, 3, 4], 24],
      [['T', 0], 0],
      [['T', 'B'], 'B*T'],
      [['B', 'T'], 'B*T'],
      [['T', 'T', 2], '2*T*T'],
      [['T+-1', 'T+1'], 'T*T+-1'],
      [['T+1', 'B+2'], '2*T+B*T+B+2'],
      [[-1, 'T+-2'], '-1*T+2'],
      [['2*B', '3*T'], '6*B*T'],
    ];
    for (const [dims, product] of cases) {
      const canonical = addDims(product);
      assert.equal(multiplyDims(...dims), canonical, `the product of ${dims.join(', ')}`);
      assert.equal(multiplyDims(...[...dims].reverse()), canonical);
    }
  });

  it('divide by one term that divides every term, else not at all', () => {
    const cases: [Dim, Dim, Dim | undefined][] = [
      [12, 4, 3],
      [12, 5, undefined],
      ['6*B*T', '2*T', '3*B'],
      ['B*T', 'B*T', 1],
      ['B*T', 'H', undefined],
      ['T*T', 'T', 'T'],
      ['3*T', 2, undefined],
      ['2*T+4', 2, 'T+2'],
      ['2*T+3', 2, undefined],
      ['B*T+B', 'B', 'T+1'],
      ['T+1', 'T+1', 1],
      ['2*T+2', 'T+1', undefined],
      [6, 0, undefined],
      ['T', 0, undefined],
      [0, 3, 0],
      ['T', -1, '-1*T'],
    ];
    for (const [dim, divisor, quotient] of cases)
      assert.equal(divideDims(dim, divisor), quotient, `${dim} / ${divisor}`);
  });

  it('undo each other and stay canonical for seeded polynomials', () => {
    let state = 7;
    const random = (below: number): number => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor((state / 2147483648) * below);
    };
    const polynomial = (): Dim =>
      addDims(
        ...Array.from({ length: 1 + random(3) }, () =>
          multiplyDims(random(9) - 4, ...Array.from({ length: random(3) }, () => ['B', 'T', 'S'][random(3)]!)),
        ),
      );
    const valueOf = (dim: Dim): number =>
      termsOf(dim).reduce(
        (sum, { coefficient, names }) =>
          sum + names.reduce((product, name) => product * { B: 3, T: 5, S: 7 }[name]!, coefficient),
        0,
      );
    for (let round = 0; round < 300; round++) {
      const [a, b] = [polynomial(), polynomial()];
      const context = `${a} and ${b}`;
      assert.equal(valueOf(addDims(a, b)), valueOf(a) + valueOf(b), context);
      assert.equal(valueOf(multiplyDims(a, b)), valueOf(a) * valueOf(b) + 0, context);
      assert.equal(addDims(a, b, multiplyDims(-1, b)), addDims(a), context);
      if (a !== 0) assert.equal(divideDims(multiplyDims(a, '3*T'), '3*T'), a, context);
    }
  });

  it('break into terms for code that computes them', () => {
    assert.deepEqual(termsOf('2*B*T+-1'), [
      { coefficient: 2, names: ['B', 'T'] },
      { coefficient: -1, names: [] },
    ]);
    assert.deepEqual(termsOf(5), [{ coefficient: 5, names: [] }]);
  });
});

describe('shapes', () => {
  it('broadcast from the right, axes of size 1 repeated', () => {
    const cases: [Shape, Shape, Shape | undefined][] = [
      [[], [], []],
      [[2, 3], [], [2, 3]],
      [[2, 3], [3], [2, 3]],
      [
        [2, 1],
        [1, 3],
        [2, 3],
      ],
      [
        ['T', 1, 'B'],
        ['H', 1],
        ['T', 'H', 'B'],
      ],
      [[0], [1], [0]],
      [[2], [3], undefined],
      [['T'], ['B'], undefined],
      [['T'], [2], undefined],
      [
        [2, 3],
        [2, 1, 1],
        [2, 2, 3],
      ],
    ];
    for (const [a, b, result] of cases) {
      assert.deepEqual(broadcastShapes(a, b), result, `${renderShape(a)} with ${renderShape(b)}`);
      assert.deepEqual(broadcastShapes(b, a), result, `${renderShape(b)} with ${renderShape(a)}`);
    }
  });

  it('are compared, counted and shown', () => {
    assert.equal(equalShapes(['T', 2], ['T', 2]), true);
    assert.equal(equalShapes(['T', 2], ['T']), false);
    assert.equal(equalShapes([2], ['2']), false);
    assert.equal(sizeOf([]), 1);
    assert.equal(sizeOf(['T', 4, 'B']), '4*B*T');
    assert.equal(renderShape(['time', 'batch', 128]), '[time, batch, 128]');
    assert.equal(renderShape([]), '[]');
  });
});
