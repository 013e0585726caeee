import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encodeModel } from '../../../src/onnx/encode';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor } from '../../../src/runtime/session';

/** `sum` = a + b and `isLess` = a < b, for float32 vectors. */
function model(): Uint8Array {
  const g = new GraphBuilder();
  const [a, b] = [g.input('a', 'float32', ['N']), g.input('b', 'float32', ['N'])];
  g.output('sum', g.Add(a, b));
  g.output('isLess', g.Less(a, b));
  return encodeModel(g);
}

const feeds = {
  a: tensor('float32', [2], Float32Array.of(1, 5)),
  b: tensor('float32', [2], Float32Array.of(2, 3)),
};

describe('a session', () => {
  it('names its inputs and outputs and computes all or those that are wanted', async () => {
    const session = await Session.create(model(), { threads: 1 });
    assert.deepEqual(session.inputNames, ['a', 'b']);
    assert.deepEqual(session.outputNames, ['sum', 'isLess']);
    assert.deepEqual(await session.run(feeds), {
      sum: { dtype: 'float32', dims: [2], data: Float32Array.of(3, 8) },
      isLess: { dtype: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
    });
    assert.deepEqual(Object.keys(await session.run(feeds, ['isLess'])), ['isLess']);
    await session.dispose();
  });

  it('writes results to tensors that are handed in, over a part of a buffer too', async () => {
    const session = await Session.create(model(), { threads: 1 });
    const buffer = new Float32Array(4);
    const into = { sum: tensor('float32', [2], buffer.subarray(1, 3)) };
    const { sum, isLess } = await session.run(feeds, undefined, into);
    assert.equal(sum, into.sum);
    assert.deepEqual([...buffer], [0, 3, 8, 0]);
    assert.deepEqual(isLess!.data, Uint8Array.of(1, 0));
    await session.dispose();
  });

  it('rejects bytes that are no model, and feeds that do not fit', async () => {
    await assert.rejects(Session.create(Uint8Array.of(1, 2, 3)), Error);
    const session = await Session.create(model(), { threads: 1 });
    await assert.rejects(session.run({ a: feeds.a }), /input 'b' is missing/);
    const integers = tensor('int64', [2], BigInt64Array.of(1n, 2n));
    await assert.rejects(session.run({ a: feeds.a, b: integers }), /Unexpected input data type/);
    await session.dispose();
  });

  it('writes a profile of its nodes where it is asked to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'session-'));
    try {
      const session = await Session.create(model(), { threads: 1, profilePrefix: join(folder, 'profile') });
      await session.run(feeds);
      session.endProfiling();
      await session.dispose();
      const [file] = await readdir(folder);
      assert.match(await readFile(join(folder, file!), 'utf8'), /"op_name" ?: ?"Add"/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
