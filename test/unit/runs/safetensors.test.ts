import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DamagedTensors, decodeSafetensors, encodeSafetensors } from '../../../src/runs/safetensors';
import type { Checkpoint, CheckpointTensor } from '../../../src/runs/safetensors';

const bytesOf = (checkpoint: Checkpoint): Uint8Array => new Uint8Array(Buffer.concat(encodeSafetensors(checkpoint)));

function file(header: unknown, data = new Uint8Array()): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, data]));
}

const sample: Checkpoint = {
  tensors: new Map<string, CheckpointTensor>([
    ['bytes', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 255]) }],
    ['weights', { dtype: 'F32', shape: [2, 3], data: new Float32Array([1.5, -0, NaN, Infinity, 1e-45, 3]) }],
    ['exact', { dtype: 'F64', shape: [1, 1], data: new Float64Array([Math.PI]) }],
    ['step', { dtype: 'I64', shape: [], data: new BigInt64Array([-(2n ** 63n)]) }],
    ['__proto__', { dtype: 'I32', shape: [1], data: new Int32Array([-7]) }],
    ['7', { dtype: 'I32', shape: [0, 4], data: new Int32Array() }],
  ]),
  metadata: { step: '12', 'ä "quoted"': '\u0000\n' },
};

describe('safetensors', () => {
  test('gives back every type bit for bit', () => {
    const decoded = decodeSafetensors(bytesOf(sample));
    assert.deepEqual(decoded.metadata, sample.metadata);
    assert.equal(decoded.tensors.size, sample.tensors.size);
    for (const [name, tensor] of sample.tensors) {
      assert.deepEqual(decoded.tensors.get(name), tensor, name);
    }
  });

  test('has the bytes of the format', () => {
    const bytes = bytesOf({
      tensors: new Map([['w', { dtype: 'F32', shape: [1], data: new Float32Array([1]) }]]),
      metadata: {},
    });
    const header = '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
    assert.equal(header.length, 56);
    assert.deepEqual([...bytes], [56, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), 0, 0, 128, 63]);
  });

  test('does not depend on the order of tensors and metadata', () => {
    const turned = {
      tensors: new Map([...sample.tensors].reverse()),
      metadata: Object.fromEntries(Object.entries(sample.metadata).reverse()),
    };
    assert.deepEqual(bytesOf(turned), bytesOf(sample));
  });

  test('takes views into larger arrays and gives memory of its own', () => {
    const large = new Float32Array([0, 1, 2, 3]);
    const bytes = bytesOf({
      tensors: new Map([['w', { dtype: 'F32', shape: [2], data: large.subarray(1, 3) }]]),
      metadata: {},
    });
    const unaligned = new Uint8Array(bytes.length + 1).subarray(1);
    unaligned.set(bytes);
    const { data } = decodeSafetensors(unaligned).tensors.get('w')!;
    unaligned.fill(0);
    assert.deepEqual(data, new Float32Array([1, 2]));
  });

  test('refuses to encode a shape that does not fit', () => {
    const wrong: Checkpoint = {
      tensors: new Map([['w', { dtype: 'F32', shape: [3], data: new Float32Array(2) }]]),
      metadata: {},
    };
    assert.throws(() => encodeSafetensors(wrong), /tensor w: 2 numbers do not fit the shape \[3\]/);
  });

  const four = new Uint8Array(4);
  const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ w: { dtype, shape, data_offsets: offsets } });
  const hostile: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(), /has 0 bytes, expected at least 8/],
    ['a header longer than the file', file('{}').fill(255, 0, 8), /claims 18446744073709551615 bytes/],
    ['no JSON', file('{"w":'), /header is no JSON/],
    ['invalid UTF-8', file('{}').fill(255, 8), /header is no JSON/],
    ['deep nesting', file('['.repeat(1_000_000)), /header is no JSON/],
    ['a list', file([]), /header is no JSON object/],
    ['an unknown type', file(entry('F16', [2], [0, 4]), four), /none of F64, I64, F32, I32, U8/],
    ['a type from the prototype', file(entry('toString', [4], [0, 4]), four), /none of/],
    ['a negative size', file(entry('F32', [-1], [0, 4]), four), /no valid shape/],
    ['a fractional size', file(entry('F32', [0.5], [0, 4]), four), /no valid shape/],
    [
      'a shape that overflows',
      file(entry('F32', [2 ** 40, 2 ** 40], [0, 4]), four),
      /do not fill exactly|does? not fill/,
    ],
    ['a shape that is too small', file(entry('U8', [3], [0, 4]), four), /spans 4 bytes/],
    ['offsets backwards', file(entry('F32', [1], [4, 0]), four), /no valid offsets/],
    ['offsets beyond the file', file(entry('F32', [2], [0, 8]), four), /holds 4 bytes of numbers, expected 8/],
    ['a gap before', file(entry('U8', [2], [2, 4]), four), /begins at 2, expected 0/],
    ['bytes left over', file(entry('U8', [2], [0, 2]), four), /holds 4 bytes of numbers, expected 2/],
    [
      'an overlap',
      file(
        { a: { dtype: 'U8', shape: [3], data_offsets: [0, 3] }, b: { dtype: 'U8', shape: [2], data_offsets: [2, 4] } },
        four,
      ),
      /"b" begins at 2, expected 3/,
    ],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }), /no text/],
  ];
  for (const [name, bytes, message] of hostile) {
    test(`refuses ${name}`, () => {
      assert.throws(
        () => decodeSafetensors(bytes),
        (error) => error instanceof DamagedTensors && message.test(error.message),
      );
    });
  }

  test('refuses every file that is cut short', () => {
    const bytes = bytesOf(sample);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeSafetensors(bytes.subarray(0, length)), DamagedTensors);
    }
  });

  test('with any byte changed, decodes or refuses in its own words', () => {
    const bytes = bytesOf(sample);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0x22, 0x39, 0xff]) {
        const changed = bytes.slice();
        changed[at] = value;
        try {
          assert.ok(decodeSafetensors(changed).tensors.size <= sample.tensors.size);
        } catch (error) {
          assert.ok(error instanceof DamagedTensors, String(error));
          refused++;
        }
      }
    }
    assert.ok(refused > bytes.length);
  });
});
