import assert from 'node:assert/strict';
import test from 'node:test';
import { IdScanner, IdStore, type ByteStore } from '../../../src/data/idStore';

/** A byte store that keeps its bytes and counts what is asked of it. */
class MemoryBytes implements ByteStore {
  bytes = new Uint8Array(0);
  disposed = false;
  write(bytes: Uint8Array): void {
    const both = new Uint8Array(this.bytes.length + bytes.length);
    both.set(this.bytes);
    both.set(bytes, this.bytes.length);
    this.bytes = both;
  }
  read(position: number, target: Uint8Array): void {
    target.set(this.bytes.subarray(position, position + target.length));
  }
  dispose(): void {
    this.disposed = true;
  }
}

const chunk = 1 << 20;
const count = chunk * 3 + 5;

function filled(options: ConstructorParameters<typeof IdStore>[0]): IdStore {
  const store = new IdStore(options);
  for (let id = 0; id < count; id += 1) store.append(id);
  return store;
}

for (const spilled of [false, true]) {
  test(`ids come back across chunk borders, ${spilled ? 'from file and memory' : 'from memory'}`, () => {
    const bytes = new MemoryBytes();
    const store = filled(spilled ? { spill: () => bytes, threshold: chunk * 8 } : {});
    assert.equal(store.count, count);
    assert.equal(store.spilled, spilled);
    assert.equal(bytes.bytes.length, spilled ? chunk * 8 : 0);
    for (const offset of [0, chunk - 2, 2 * chunk - 2, 3 * chunk - 2, count - 4]) {
      const target = new Int32Array(5).fill(-1);
      store.read(offset, 4, target);
      assert.deepEqual([...target], [offset, offset + 1, offset + 2, offset + 3, -1]);
    }
    assert.throws(() => {
      store.read(count - 1, 2, new Int32Array(2));
    }, RangeError);
    const scanner = new IdScanner(store, 1000);
    let sum = 0;
    for (let offset = 0; offset + 700 <= count; offset += 700) sum += scanner.at(offset, 700)[699]!;
    const steps = Math.floor(count / 700);
    assert.equal(sum, (700 * steps * (steps + 1)) / 2 - steps);
    store.dispose();
    assert.equal(bytes.disposed, spilled);
    assert.equal(store.count, 0);
  });
}
