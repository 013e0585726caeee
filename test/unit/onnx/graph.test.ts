import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeModel } from '../../../src/onnx/encode';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { Session, tensor } from '../../../src/runtime/session';

describe('constants', () => {
  it('are stored once for the same small content, and apart for another', () => {
    const g = new GraphBuilder();
    assert.equal(g.scalar(1), g.scalar(1));
    assert.equal(g.integers([1, 2]), g.constant('int64', [2], [1, 2]));
    assert.notEqual(g.scalar(1), g.scalar(1, 'float64'));
    assert.notEqual(g.constant('float32', [2], [1, 2]), g.constant('float32', [1, 2], [1, 2]));
    assert.notEqual(g.constant('float32', [1], [1], 'one'), g.constant('float32', [1], [1]));
    assert.notEqual(g.scalar(0), g.scalar(-0), '1 / -0 is -∞');
    assert.notEqual(g.tensor('string', [2], ['a,b', 'c']), g.tensor('string', [2], ['a', 'b,c']));
    const long = Array.from({ length: 9 }, (_, at) => at);
    assert.notEqual(g.constant('float32', [9], long), g.constant('float32', [9], long));
  });

  it('give their numbers back', () => {
    const g = new GraphBuilder();
    assert.deepEqual(g.numbersOf(g.integers([3, -1])), [3, -1]);
    assert.deepEqual(g.numbersOf(g.scalar(0.5, 'float64')), [0.5]);
    assert.equal(g.numbersOf(g.input('x', 'float32', [1])), undefined);
  });

  it('have as many elements as their shape says', () => {
    const g = new GraphBuilder();
    assert.throws(() => g.constant('float32', [2, 2], [1, 2, 3]), {
      message: 'constant [2, 2] needs 4 elements, found 3.',
    });
    assert.throws(() => g.tensor('float32', [2, 2], new Float32Array(5), 'W'), {
      message: 'constant [2, 2] needs 4 elements, found 5.',
    });
  });
});

describe('names', () => {
  it('are taken once in a model, by inputs, constants and results alike', () => {
    const g = new GraphBuilder('model');
    const x = g.input('x', 'float32', [2]);
    assert.throws(() => g.input('x', 'float32', [2]), { message: 'model: the name "x" is taken.' });
    assert.throws(() => g.constant('float32', [1], [1], 'x'), { message: 'model: the name "x" is taken.' });
    assert.throws(() => g.output('x', g.Neg(x)), { message: 'model: the name "x" is taken.' });
    assert.throws(() => g.output('x', x), { message: 'model: the name "x" is taken.' });
    g.output('y', x);
    assert.throws(() => g.output('y', x), { message: 'model: the output "y" is there already.' });
    assert.throws(() => g.input('y', 'float32', [2]), { message: 'model: the name "y" is taken.' });
  });

  it('of nodes step aside for those that are taken', () => {
    const g = new GraphBuilder();
    const x = g.input('neg0', 'float32', [2]);
    const y = g.Neg(x);
    assert.equal(y.name, 'neg1');
    g.output('neg2', y);
    assert.equal(g.Neg(y).name, 'neg3');
  });
});

describe('the same question', () => {
  it('is one node', () => {
    const g = new GraphBuilder();
    const [x, y] = [g.input('x', 'float32', ['B', 2]), g.input('y', 'float32', ['B', 2])];
    const sum = g.Add(x, y);
    assert.equal(g.Add(x, y), sum);
    assert.notEqual(g.Add(y, x), sum);
    assert.notEqual(g.Sub(x, y), sum);
    assert.equal(g.Softmax(x, 1), g.Softmax(x, -1));
    assert.notEqual(g.Softmax(x, 1), g.Softmax(x, 0));
    assert.equal(g.nodes.filter((node) => node.op === 'Add').length, 2);
    assert.equal(g.Expand(g.scalar(0), ['B', 2]), g.zeros(['B', 2]));
    assert.equal(g.nodes.filter((node) => node.op === 'Shape').length, 1);
  });

  it('is answered inside of a loop by the graph around it, and not the other way round', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 2]);
    const w = g.input('w', 'float32', [2]);
    const outside = g.Exp(w);
    g.Scan([w], [x], (body, [state], [now]) => {
      assert.equal(body.Exp(w), outside);
      const inside = body.Tanh(w);
      assert.equal(inside.graph, body);
      assert.equal(body.Tanh(w), inside);
      return { states: [body.Add(state!, body.Mul(now!, inside))], outputs: [] };
    });
    assert.equal(g.Tanh(w).graph, g);
  });

  it('is two loops where two loops are built', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 2]);
    const loop = () =>
      g.Scan([g.zeros([2])], [x], (body, [state], [now]) => ({ states: [body.Add(state!, now!)], outputs: [] }))
        .states[0]!;
    assert.notEqual(loop(), loop());
  });
});

describe('sizes that are known when the graph runs', () => {
  it('are computed from the inputs that declare them', async () => {
    const g = new GraphBuilder();
    g.output('first', g.Neg(g.input('x', 'float32', ['T', 'B'])));
    g.output('second', g.Neg(g.input('y', 'float32', ['B', 'S'])));
    g.output('sizes', g.sizesOf(['T', 'B', 'S', 7, '2*B*T+-1', 'T*T']));
    g.output('one', g.sizesOf(['T+S']));
    const session = await Session.create(encodeModel(g));
    const { sizes, one } = await session.run({
      x: tensor('float32', [3, 2], new Float32Array(6)),
      y: tensor('float32', [2, 5], new Float32Array(10)),
    });
    await session.dispose();
    assert.deepEqual([...(sizes!.data as BigInt64Array)], [3n, 2n, 5n, 7n, 11n, 9n]);
    assert.deepEqual([...(one!.data as BigInt64Array)], [8n]);
  });

  it('are constants where all are numbers', () => {
    const g = new GraphBuilder();
    assert.equal(g.sizesOf([2, 3]), g.integers([2, 3]));
    assert.equal(g.nodes.length, 0);
  });

  it('are computed outside of a loop', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 'B']);
    g.Scan([g.zeros(['B'])], [x], (body, [state], [now]) => {
      assert.equal(body.sizesOf(['B', 1]).graph, g);
      return { states: [body.Add(state!, now!)], outputs: [body.Expand(body.Unsqueeze(now!, [1]), ['B', 4])] };
    });
    const [scan] = g.nodes.filter((node) => node.op === 'Scan');
    assert.deepEqual(
      scan!.body!.nodes.map((node) => node.op),
      ['Add', 'Unsqueeze', 'Expand'],
    );
  });

  it('need an input that declares them', () => {
    const g = new GraphBuilder();
    g.input('x', 'float32', ['T']);
    assert.throws(() => g.zeros(['B']), { message: 'No input declares the size "B".' });
  });
});

describe('values of another graph', () => {
  it('are refused where they are used', () => {
    const [g, other] = [new GraphBuilder('mine'), new GraphBuilder('other')];
    const x = g.input('x', 'float32', [2]);
    const foreign = other.input('foreign', 'float32', [2]);
    assert.throws(() => g.Add(x, foreign), {
      message: 'Add: float32 [2] "foreign" belongs to another graph (other).',
    });
    assert.throws(() => g.output('y', foreign), {
      message: 'output: float32 [2] "foreign" belongs to another graph (other).',
    });
  });

  it('include those of a loop once it is built', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['T', 2]);
    let leaked = x;
    g.Scan([], [x], (body, _, [now]) => {
      leaked = body.Neg(now!);
      return { states: [], outputs: [leaked] };
    });
    assert.equal(g.sees(leaked), false);
    assert.equal(g.sees(x), true);
    assert.throws(() => g.Exp(leaked), /Exp: float32 \[2\] "neg\d+" belongs to another graph \(step\d+\)\./);
  });
});
