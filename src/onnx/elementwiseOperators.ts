/** Element-wise operators of the builder; operands broadcast as NumPy's do. */
import { broadcastShapes, type Shape } from './dims';
import type { DType } from './dtypes';
import { Graph, requireFloat, requireNumbers, type Value } from './graph';
import type { Operator } from './operators';

type Unary = Extract<
  Operator,
  'Erf' | 'Exp' | 'Log' | 'Reciprocal' | 'Relu' | 'Sigmoid' | 'Softplus' | 'Sqrt' | 'Tanh' | 'Abs' | 'Neg' | 'Sign'
>;
type Binary = Extract<Operator, 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Min'>;
type Comparison = Extract<Operator, 'Equal' | 'Less' | 'Greater'>;

/** The element-wise part of the builder; each method names the shapes and element types that it refuses. */
export class ElementwiseOperators extends Graph {
  Add(a: Value, b: Value): Value {
    return this.binary('Add', a, b);
  }
  Sub(a: Value, b: Value): Value {
    return this.binary('Sub', a, b);
  }
  Mul(a: Value, b: Value): Value {
    return this.binary('Mul', a, b);
  }
  Div(a: Value, b: Value): Value {
    return this.binary('Div', a, b);
  }
  Max(a: Value, b: Value): Value {
    return this.binary('Max', a, b);
  }
  Min(a: Value, b: Value): Value {
    return this.binary('Min', a, b);
  }

  Abs(x: Value): Value {
    return this.unary('Abs', x);
  }
  Neg(x: Value): Value {
    return this.unary('Neg', x);
  }
  Sign(x: Value): Value {
    return this.unary('Sign', x);
  }
  Erf(x: Value): Value {
    return this.unary('Erf', x);
  }
  Exp(x: Value): Value {
    return this.unary('Exp', x);
  }
  Log(x: Value): Value {
    return this.unary('Log', x);
  }
  Reciprocal(x: Value): Value {
    return this.unary('Reciprocal', x);
  }
  Relu(x: Value): Value {
    return this.unary('Relu', x);
  }
  Sigmoid(x: Value): Value {
    return this.unary('Sigmoid', x);
  }
  Softplus(x: Value): Value {
    return this.unary('Softplus', x);
  }
  Sqrt(x: Value): Value {
    return this.unary('Sqrt', x);
  }
  Tanh(x: Value): Value {
    return this.unary('Tanh', x);
  }

  Identity(x: Value): Value {
    return this.emit('Identity', [x], {}, [x])[0]!;
  }
  Cast(x: Value, to: DType): Value {
    return x.dtype === to ? x : this.emit('Cast', [x], { to }, [{ dtype: to, shape: x.shape }])[0]!;
  }

  Equal(a: Value, b: Value): Value {
    return this.comparison('Equal', a, b);
  }
  Less(a: Value, b: Value): Value {
    return this.comparison('Less', a, b);
  }
  Greater(a: Value, b: Value): Value {
    return this.comparison('Greater', a, b);
  }
  And(a: Value, b: Value): Value {
    return this.logical('And', a, b);
  }
  Or(a: Value, b: Value): Value {
    return this.logical('Or', a, b);
  }
  Not(x: Value): Value {
    if (x.dtype !== 'bool') throw new Error(`Not: expected booleans, found ${x.toString()}.`);
    return this.emit('Not', [x], {}, [x])[0]!;
  }

  /** `condition ? a : b`, element by element. */
  Where(condition: Value, a: Value, b: Value): Value {
    if (condition.dtype !== 'bool') throw new Error(`Where: expected booleans, found ${condition.toString()}.`);
    const shape = broadcastShapes(condition.shape, this.pair('Where', a, b));
    if (shape === undefined) throw new Error(`Where: ${condition.toString()} does not fit ${a.toString()}.`);
    return this.emit('Where', [condition, a, b], {}, [{ dtype: a.dtype, shape }])[0]!;
  }

  private unary(op: Unary, x: Value): Value {
    if (op === 'Abs' || op === 'Neg' || op === 'Sign') requireNumbers(op, x);
    else requireFloat(op, x);
    return this.emit(op, [x], {}, [x])[0]!;
  }

  private binary(op: Binary, a: Value, b: Value): Value {
    requireNumbers(op, a);
    return this.emit(op, [a, b], {}, [{ dtype: a.dtype, shape: this.pair(op, a, b) }])[0]!;
  }

  private comparison(op: Comparison, a: Value, b: Value): Value {
    if (op !== 'Equal') requireNumbers(op, a);
    return this.emit(op, [a, b], {}, [{ dtype: 'bool', shape: this.pair(op, a, b) }])[0]!;
  }

  private logical(op: 'And' | 'Or', a: Value, b: Value): Value {
    if (a.dtype !== 'bool') throw new Error(`${op}: expected booleans, found ${a.toString()}.`);
    return this.emit(op, [a, b], {}, [{ dtype: 'bool', shape: this.pair(op, a, b) }])[0]!;
  }

  /** The common shape of two operands of one element type. */
  private pair(op: string, a: Value, b: Value): Shape {
    if (a.dtype !== b.dtype) {
      throw new Error(`${op}: element types differ: ${a.toString()} and ${b.toString()}.`);
    }
    const shape = broadcastShapes(a.shape, b.shape);
    if (shape === undefined) throw new Error(`${op}: shapes do not fit: ${a.toString()} and ${b.toString()}.`);
    return shape;
  }
}
