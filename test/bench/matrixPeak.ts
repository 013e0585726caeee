/** How many operations a second the machine reaches in a large matrix product: the limit that a training step is held against. */
import { GraphBuilder } from '../../src/onnx/graphBuilder';
import { encodeModel } from '../../src/onnx/encode';
import { Session, tensor } from '../../src/runtime/session';
import { median } from './rows';

const size = 1024;
const rounds = 20;

/** GFLOPS of a product of two float32 matrices of 1,024 rows and columns, the median of several. */
export async function measureMatrixPeak(threads: number): Promise<number> {
  const g = new GraphBuilder('product');
  const [a, b] = ['a', 'b'].map((name) => g.input(name, 'float32', [size, size]));
  g.output('c', g.MatMul(a!, b!));
  const session = await Session.create(encodeModel(g), { threads });
  const matrix = () => tensor('float32', [size, size], new Float32Array(size * size).fill(0.5));
  const feeds = { a: matrix(), b: matrix() };
  const into = { c: matrix() };
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await session.run(feeds, undefined, into);
    times.push(performance.now() - start);
  }
  await session.dispose();
  return (2 * size ** 3) / median(times) / 1e6;
}
