import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeModel } from '../../../src/onnx/encode';
import type { Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import type { Operator } from '../../../src/onnx/operators';
import { Session, type Tensor } from '../../../src/runtime/session';
import { integers, operatorCases, type ValueCase } from './operatorCases';

async function run({ inputs, build }: ValueCase): Promise<{ found: Tensor[]; values: Value[] }> {
  const g = new GraphBuilder();
  const declared = inputs.map(({ dtype, dims }, at) => g.input(`x${at}`, dtype, dims));
  const values = [build(g, declared)].flat();
  values.forEach((value, at) => g.output(`y${at}`, value));
  const session = await Session.create(encodeModel(g), { threads: 1 });
  const feeds = Object.fromEntries(inputs.map((input, at) => [`x${at}`, input]));
  const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])));
  await session.dispose();
  return { found: values.map((_, at) => outputs[`y${at}`]!), values };
}

describe('operators as the runtime computes them', () => {
  for (const op of Object.keys(operatorCases) as Operator[]) {
    for (const valueCase of operatorCases[op]) {
      it([op, valueCase.name].filter((part) => part !== undefined).join(', '), async () => {
        const { found, values } = await run(valueCase);
        assert.equal(found.length, valueCase.expected.length);
        found.forEach(({ dtype, dims, data }, result) => {
          assert.equal(dtype, values[result]!.dtype);
          assert.deepEqual(dims, values[result]!.shape, 'the shape that was inferred');
          const expected = valueCase.expected[result]!;
          assert.equal(data.length, expected.length);
          expected.forEach((number, at) => {
            const difference = Math.abs(Number(data[at]) - number);
            assert.ok(difference <= 2e-6 * Math.max(1, Math.abs(number)), `[${at}]: ${data[at]!}, expected ${number}`);
          });
        });
      });
    }
  }

  it('work element by element on integers too', async () => {
    const g = new GraphBuilder();
    const [a, b] = [g.input('a', 'int64', [3]), g.input('b', 'int64', [3])];
    const results = [g.Add(a, b), g.Sub(a, b), g.Mul(a, b), g.Div(a, b), g.Max(a, b), g.Min(a, b), g.Neg(a), g.Abs(a)];
    results.push(g.Sign(a), g.Cast(g.Less(a, b), 'int64'), g.Cast(g.Equal(a, b), 'int64'));
    results.forEach((result, at) => g.output(`y${at}`, result));
    const session = await Session.create(encodeModel(g), { threads: 1 });
    const outputs = await session.run({ a: integers([3], [-7, 4, 9]), b: integers([3], [2, 4, -3]) });
    await session.dispose();
    assert.deepEqual(
      results.map((_, at) => Array.from(outputs[`y${at}`]!.data, Number)),
      [
        [-5, 8, 6],
        [-9, 0, 12],
        [-14, 16, -27],
        [-3, 1, -3],
        [2, 4, 9],
        [-7, 4, -3],
        [7, -4, -9],
        [7, 4, 9],
        [-1, 1, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
    );
  });
});
