import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserError } from '../../../src/errors';
import { decodeModel } from '../../../src/onnx/decode';
import { encodeModel } from '../../../src/onnx/encode';
import { type GraphProto, ModelProtoSchema, TensorProtoSchema } from '../../../src/onnx/generated/onnx_pb';
import type { Value } from '../../../src/onnx/graph';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor } from '../../../src/runtime/session';

/** A small model with a loop, metadata, and initializers of every element type. */
function sampleModel(): Uint8Array {
  const g = new GraphBuilder('sample');
  const ids = g.input('ids', 'int32', ['time', 'batch']);
  const table = g.constant('float32', [3, 2], [0.5, -1, 2, 3.25, 0, -0.125], 'table');
  const { states, outputs } = g.Scan([g.zeros(['batch', 2])], [ids], (body, [state], [id]) => {
    const next = body.Tanh(body.Add(state!, body.Gather(table, id!, 0)));
    return { states: [next], outputs: [next] };
  });
  g.output('last', states[0]!);
  g.output('all', outputs[0]!);
  const kept = [
    g.constant('float64', [2], [Math.PI, -0], 'doubles'),
    g.constant('int32', [2, 1], [-7, 2147483647], 'shorts'),
    g.constant('int64', [1], [Number.MAX_SAFE_INTEGER], 'longs'),
    g.constant('uint8', [3], [0, 128, 255], 'bytes'),
    g.constant('bool', [2], [1, 0], 'flags'),
    g.tensor('string', [2], ['naïve', '日本, ok'], 'words'),
    g.constant('float32', [0, 4], [], 'nothing'),
  ];
  kept.forEach((value) => g.output(`${value.name} again`, value));
  return encodeModel(g, { metadata: { task: 'classification', 'label ☃': '' }, producerVersion: '1.2.3' });
}

function graphOf(bytes: Uint8Array): GraphProto {
  return fromBinary(ModelProtoSchema, bytes).graph!;
}

describe('a model that is written and read', () => {
  const bytes = sampleModel();
  const model = decodeModel(bytes, 'sample.onnx');

  it('keeps producer and metadata', () => {
    assert.equal(model.producer, 'sequence-lab 1.2.3');
    assert.deepEqual(
      [...model.metadata],
      [
        ['task', 'classification'],
        ['label ☃', ''],
      ],
    );
    assert.equal(fromBinary(ModelProtoSchema, bytes).irVersion, 9n);
    assert.deepEqual(
      fromBinary(ModelProtoSchema, bytes).opsetImport.map(({ domain, version }) => [domain, version]),
      [['', 20n]],
    );
  });

  it('keeps the elements of every numeric initializer', () => {
    const expected = {
      table: { dtype: 'float32', dims: [3, 2], data: Float32Array.of(0.5, -1, 2, 3.25, 0, -0.125) },
      doubles: { dtype: 'float64', dims: [2], data: Float64Array.of(Math.PI, -0) },
      shorts: { dtype: 'int32', dims: [2, 1], data: Int32Array.of(-7, 2147483647) },
      longs: { dtype: 'int64', dims: [1], data: BigInt64Array.of(9007199254740991n) },
      bytes: { dtype: 'uint8', dims: [3], data: Uint8Array.of(0, 128, 255) },
      flags: { dtype: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
      nothing: { dtype: 'float32', dims: [0, 4], data: new Float32Array(0) },
    };
    for (const [name, stored] of Object.entries(expected)) assert.deepEqual(model.tensors.get(name), stored, name);
    assert.equal(model.tensors.has('words'), false, 'texts are not numbers');
  });

  it('keeps texts', () => {
    const words = graphOf(bytes).initializer.find(({ name }) => name === 'words')!;
    assert.deepEqual(
      words.stringData.map((text) => new TextDecoder().decode(text)),
      ['naïve', '日本, ok'],
    );
  });

  it('describes inputs, outputs and operators, those of the loop included', () => {
    assert.deepEqual(model.inputs, [{ name: 'ids', type: 'int32 [time, batch]' }]);
    assert.deepEqual(model.outputs.slice(0, 2), [
      { name: 'last', type: 'float32 [batch, 2]' },
      { name: 'all', type: 'float32 [time, batch, 2]' },
    ]);
    assert.deepEqual(Object.fromEntries(model.operators), {
      Shape: 1,
      Gather: 2,
      Concat: 1,
      Expand: 1,
      Scan: 1,
      Add: 1,
      Tanh: 1,
      Identity: 8,
    });
  });

  it('keeps the attributes of nodes', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 'B', 2]);
    const weights = {
      W: g.constant('float32', [2, 3, 2], Array<number>(12).fill(0.5)),
      R: g.constant('float32', [2, 3, 3], Array<number>(18).fill(0)),
      B: g.constant('float32', [2, 6], Array<number>(12).fill(0)),
    };
    const lengths = g.input('lengths', 'int32', ['B']);
    g.output('y', g.RNN(x, weights, lengths, 3, 'bidirectional', 'Relu').Y);
    g.output('cast', g.Cast(g.Transpose(x, [2, 0, 1]), 'float64'));
    const attributes = graphOf(encodeModel(g)).node.map(({ opType, attribute }): [string, object] => [
      opType,
      Object.fromEntries(
        attribute.map(({ name, i, s, ints, strings }): [string, unknown] => {
          const text = (part: Uint8Array): string => new TextDecoder().decode(part);
          if (ints.length > 0) return [name, ints.map(Number)];
          if (strings.length > 0) return [name, strings.map(text)];
          return [name, s.length > 0 ? text(s) : Number(i)];
        }),
      ),
    ]);
    assert.deepEqual(attributes, [
      ['RNN', { hidden_size: 3, direction: 'bidirectional', activations: ['Relu', 'Relu'] }],
      ['Transpose', { perm: [2, 0, 1] }],
      ['Cast', { to: 11 }],
    ]);
  });

  it('runs', async () => {
    const session = await Session.create(bytes, { threads: 1 });
    const {
      last,
      all,
      'doubles again': doubles,
    } = await session.run({
      ids: tensor('int32', [2, 1], Int32Array.of(1, 0)),
    });
    await session.dispose();
    const first = [Math.tanh(2), Math.tanh(3.25)];
    const second = [Math.tanh(first[0]! + 0.5), Math.tanh(first[1]! - 1)];
    [...first, ...second].forEach((expected, at) => {
      assert.ok(Math.abs(Number(all!.data[at]) - expected) < 1e-6);
    });
    assert.deepEqual([...last!.data], [...all!.data].slice(2));
    assert.deepEqual(doubles!.data, Float64Array.of(Math.PI, -0));
  });

  it('reads numbers that are stored as lists instead of bytes', () => {
    const proto = fromBinary(ModelProtoSchema, bytes);
    proto.graph!.initializer = [
      create(TensorProtoSchema, { name: 'floats', dataType: 1, dims: [2n], floatData: [0.5, -1] }),
      create(TensorProtoSchema, { name: 'doubles', dataType: 11, dims: [1n], doubleData: [0.1] }),
      create(TensorProtoSchema, { name: 'longs', dataType: 7, dims: [1n, 1n], int64Data: [-3n] }),
      create(TensorProtoSchema, { name: 'flags', dataType: 9, dims: [2n], int32Data: [0, 1] }),
      create(TensorProtoSchema, { name: 'half precision', dataType: 10, dims: [2n], int32Data: [0, 1] }),
    ];
    assert.deepEqual(
      [...decodeModel(toBinary(ModelProtoSchema, proto), 'lists.onnx').tensors],
      [
        ['floats', { dtype: 'float32', dims: [2], data: Float32Array.of(0.5, -1) }],
        ['doubles', { dtype: 'float64', dims: [1], data: Float64Array.of(0.1) }],
        ['longs', { dtype: 'int64', dims: [1, 1], data: BigInt64Array.of(-3n) }],
        ['flags', { dtype: 'bool', dims: [2], data: Uint8Array.of(0, 1) }],
      ],
    );
  });
});

describe('what is written of a graph', () => {
  it('leaves out nodes and constants that no result needs', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const kept = g.constant('float32', [2], [1, 2], 'kept');
    const dead = g.constant('float32', [2], [3, 4], 'dead');
    g.Exp(g.Add(x, dead));
    g.output('y', g.Mul(x, kept));
    const graph = graphOf(encodeModel(g));
    assert.deepEqual(
      graph.node.map((node) => node.opType),
      ['Mul'],
    );
    assert.deepEqual(
      graph.initializer.map(({ name }) => name),
      ['kept'],
    );
    assert.deepEqual(
      graph.input.map(({ name }) => name),
      ['x'],
      'an input stays, used or not',
    );
  });

  /** A loop with two stacked outputs, of which `read` are results of the graph. */
  function loop(read: readonly number[]): { scan: GraphProto['node'][number]; bytes: Uint8Array } {
    const g = new GraphBuilder();
    const xs = g.input('xs', 'float32', ['T', 2]);
    const used = g.constant('float32', [2], [2, 3], 'factor');
    const { states, outputs } = g.Scan(
      [g.zeros([2])],
      [xs],
      (body, [state], [x]) => {
        const next = body.Add(state!, x!);
        return { states: [next], outputs: [body.Exp(next), body.Mul(x!, used)] };
      },
      { reverseOutputs: [false, true] },
    );
    g.output('last', states[0]!);
    read.forEach((at) => g.output(`y${at}`, outputs[at]!));
    const bytes = encodeModel(g);
    return { scan: graphOf(bytes).node.find((node) => node.opType === 'Scan')!, bytes };
  }

  it('leaves out stacked outputs that nobody reads, with what only they need', async () => {
    const operators = (read: readonly number[]): string[] =>
      loop(read)
        .scan.attribute.find(({ name }) => name === 'body')!
        .g!.node.map((node) => node.opType);
    const directions = (read: readonly number[]): number[] =>
      loop(read)
        .scan.attribute.find(({ name }) => name === 'scan_output_directions')!
        .ints.map(Number);
    assert.deepEqual(operators([0, 1]), ['Add', 'Exp', 'Mul']);
    assert.deepEqual(directions([0, 1]), [0, 1]);
    assert.deepEqual(operators([1]), ['Add', 'Mul']);
    assert.deepEqual(directions([1]), [1]);
    assert.deepEqual(operators([]), ['Add']);
    assert.equal(loop([]).scan.output.length, 1);
    assert.deepEqual(decodeModel(loop([0]).bytes, 'loop.onnx').tensors.has('factor'), false);
    const session = await Session.create(loop([1]).bytes, { threads: 1 });
    const { y1, last } = await session.run({ xs: tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)) });
    await session.dispose();
    assert.deepEqual([...y1!.data], [6, 12, 2, 6]);
    assert.deepEqual([...last!.data], [4, 6]);
  });

  it('gives one value under two names, and an input or a constant under another', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const doubled = g.Add(x, x);
    const results: [string, Value][] = [
      ['a', doubled],
      ['b', doubled],
      ['c', x],
      ['d', g.scalar(7)],
      ['e', g.Neg(doubled)],
    ];
    results.forEach(([name, value]) => g.output(name, value));
    const session = await Session.create(encodeModel(g), { threads: 1 });
    assert.deepEqual(session.outputNames, ['a', 'b', 'c', 'd', 'e']);
    const outputs = await session.run({ x: tensor('float32', [2], Float32Array.of(1, 2)) });
    await session.dispose();
    assert.deepEqual(
      results.map(([name]) => [...outputs[name]!.data]),
      [[2, 4], [2, 4], [1, 2], [7], [-2, -4]],
    );
  });
});

describe('a file that is not a model', () => {
  /** Decodes; whatever is wrong is a mistake of the user's, told in one sentence that names the file. */
  function refusal(bytes: Uint8Array): string | null {
    try {
      decodeModel(bytes, 'chat.onnx');
      return null;
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.place.file, 'chat.onnx');
      return error.message;
    }
  }
  const notAModel = 'this is not an ONNX model, or the file is cut short; export or copy it again.';
  const noGraph = 'this is not an ONNX model: it holds no graph; choose a .onnx file.';
  const bytes = sampleModel();

  it('is empty, or text, or has no graph', () => {
    assert.equal(refusal(new Uint8Array(0)), noGraph);
    assert.equal(refusal(new TextEncoder().encode('message,toxic\nhello,0\n')), notAModel);
    assert.equal(refusal(toBinary(ModelProtoSchema, create(ModelProtoSchema, { producerName: 'x' }))), noGraph);
  });

  it('is a model that is cut short, wherever', () => {
    for (let length = 0; length < bytes.length; length += 64) {
      const message = refusal(bytes.subarray(0, length));
      if (message === null) {
        // What is complete but for its last fields is read; metadata stands at the end.
        assert.ok(length > bytes.length - 80, `cut to ${length} of ${bytes.length} bytes`);
      } else assert.ok([notAModel, noGraph].includes(message), message);
    }
  });

  it('is a model with one byte changed, wherever: it is read or refused', () => {
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x55;
      if (refusal(damaged) !== null) refused++;
    }
    assert.ok(refused > bytes.length / 10, `${refused} of ${bytes.length} changes are seen`);
  });

  it('is made of seeded random bytes', () => {
    let state = 1;
    const random = (): number => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648;
    };
    for (let round = 0; round < 2000; round++) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
      assert.notEqual(refusal(noise), null, `round ${round}`);
    }
  });

  it('nests graphs without end', () => {
    const field = (tag: number, content: Uint8Array): Uint8Array => {
      const length: number[] = [];
      for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
        length.push((rest % 128) + (rest >= 128 ? 128 : 0));
        if (rest < 128) break;
      }
      return Uint8Array.from([tag, ...length, ...content]);
    };
    let graph = new Uint8Array(0);
    // graph → node (1) → attribute (5) → graph (6)
    for (let depth = 0; depth < 2000; depth++) {
      graph = Uint8Array.from(field(0x0a, field(0x2a, field(0x32, graph))));
    }
    assert.equal(refusal(Uint8Array.from([...field(0x3a, graph), ...field(0x42, Uint8Array.of(0x10, 20))])), notAModel);
  });

  it('holds a tensor whose size or shape is not possible', () => {
    const withTensor = (fields: {
      dims: bigint[];
      rawData?: Uint8Array<ArrayBuffer>;
      floatData?: number[];
    }): string | null => {
      const proto = fromBinary(ModelProtoSchema, bytes);
      proto.graph!.initializer = [create(TensorProtoSchema, { name: 'W', dataType: 1, ...fields })];
      return refusal(toBinary(ModelProtoSchema, proto));
    };
    const elements = (found: number, size: number): string =>
      `the tensor "W" has ${found} elements where its shape says ${size}; the file is damaged.`;
    assert.equal(withTensor({ dims: [2n, 2n], rawData: new Uint8Array(12) }), elements(3, 4));
    assert.equal(withTensor({ dims: [2n], floatData: [1, 2, 3] }), elements(3, 2));
    assert.equal(withTensor({ dims: [1000000000000n], floatData: [] }), elements(0, 1000000000000));
    const impossible = 'the tensor "W" has an impossible shape; the file is damaged.';
    assert.equal(withTensor({ dims: [-1n], floatData: [1] }), impossible);
    assert.equal(withTensor({ dims: [1n << 40n, 1n << 40n] }), impossible);
    assert.equal(withTensor({ dims: [(1n << 63n) - 1n, 0n] }), null, 'no element, however long the other axis');
  });
});
