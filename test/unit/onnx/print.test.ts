import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { printGraph } from '../../../src/onnx/print';

it('prints a graph one node a line, the body of a loop indented', () => {
  const g = new GraphBuilder();
  const xs = g.input('xs', 'float32', ['T', 2]);
  const half = g.scalar(0.5);
  const { states } = g.Scan([g.constant('float32', [2], [1, -2])], [g.Softmax(xs, 1)], (body, [state], [x]) => ({
    states: [body.Add(body.Mul(state!, half), x!)],
    outputs: [],
  }));
  g.output('last', states[0]!);
  assert.deepEqual(printGraph(g).split('\n'), [
    'xs: float32[T, 2] = input',
    'constant0: float32[] = 0.5',
    'constant1: float32[2] = 1, -2',
    'softmax2: float32[T, 2] = Softmax(xs, axis=1)',
    'scan9: float32[2] = Scan(constant1, softmax2, num_scan_inputs=1, scan_input_directions=[0], scan_output_directions=[])',
    '  at4: float32[2] = input',
    '  at5: float32[2] = input',
    '  mul6: float32[2] = Mul(at4, constant0)',
    '  add7: float32[2] = Add(mul6, at5)',
    '  return result8 = add7',
    'return last = scan9',
  ]);
});

it('prints the first elements of a long constant only', () => {
  const g = new GraphBuilder();
  g.output(
    'table',
    g.constant(
      'int64',
      [3, 4],
      Array.from({ length: 12 }, (_, at) => at),
      'ids',
    ),
  );
  assert.equal(printGraph(g), 'ids: int64[3, 4] = 0, 1, 2, 3, 4, 5, 6, 7, …\nreturn table = ids');
});
