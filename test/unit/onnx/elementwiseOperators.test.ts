import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphBuilder } from '../../../src/onnx/graphBuilder';
import { checkRefusals, checkTypes, type RefusedCase, type TypedCase } from './buildingTables';

const unary = ['Erf', 'Exp', 'Log', 'Reciprocal', 'Relu', 'Sigmoid', 'Softplus', 'Sqrt', 'Tanh'] as const;
const unaryOnIntegers = ['Abs', 'Neg', 'Sign'] as const;
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min'] as const;
const ordered = ['Less', 'Greater'] as const;
const logical = ['And', 'Or'] as const;

describe('the result of an element-wise operator', () => {
  checkTypes([
    ...[...unary, ...unaryOnIntegers].map((op): TypedCase => [
      op,
      (g, x) => g[op](x('float64', 'T', 2)),
      'float64 [T, 2]',
    ]),
    ...unaryOnIntegers.map((op): TypedCase => [`${op} of integers`, (g, x) => g[op](x('int64', 3)), 'int64 [3]']),
    ...binary.map((op): TypedCase => [
      op,
      (g, x) => g[op](x('float32', 'T', 2, 1), x('float32', 3)),
      'float32 [T, 2, 3]',
    ]),
    ...binary.map((op): TypedCase => [`${op} of integers`, (g, x) => g[op](x('int32', 3), x('int32')), 'int32 [3]']),
    ...[...ordered, 'Equal' as const].map((op): TypedCase => [
      op,
      (g, x) => g[op](x('float32', 'B', 1), x('float32', 2)),
      'bool [B, 2]',
    ]),
    ['Equal of booleans', (g, x) => g.Equal(x('bool', 2), x('bool', 2)), 'bool [2]'],
    ...logical.map((op): TypedCase => [op, (g, x) => g[op](x('bool', 'B', 1), x('bool', 2)), 'bool [B, 2]']),
    ['Not', (g, x) => g.Not(x('bool', 'B')), 'bool [B]'],
    ['Identity', (g, x) => g.Identity(x('string', 'B')), 'string [B]'],
    ['Cast', (g, x) => g.Cast(x('int64', 'B'), 'float32'), 'float32 [B]'],
    ['Where', (g, x) => g.Where(x('bool', 'B', 1, 1), x('float64', 2, 1), x('float64', 3)), 'float64 [B, 2, 3]'],
  ]);

  it('of a Cast to its own element type is the operand', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    assert.equal(g.Cast(x, 'float32'), x);
  });
});

describe('an element-wise operator', () => {
  checkRefusals([
    ...unary.map((op): RefusedCase => [
      `${op} of integers`,
      (g, x) => g[op](x('int64', 2)),
      `${op}: expected a floating-point tensor, found int64 [2] "x".`,
    ]),
    ...unaryOnIntegers.map((op): RefusedCase => [
      `${op} of booleans`,
      (g, x) => g[op](x('bool', 2)),
      `${op}: expected numbers, found bool [2] "x".`,
    ]),
    ...[...binary, ...ordered].map((op): RefusedCase => [
      `${op} of booleans`,
      (g, x) => g[op](x('bool', 2), x('bool', 2)),
      `${op}: expected numbers, found bool [2] "x".`,
    ]),
    ...[...binary, ...ordered, 'Equal' as const].map((op): RefusedCase => [
      `${op} of two element types`,
      (g, x) => g[op](x('float32', 2), x('float64', 2)),
      `${op}: element types differ: float32 [2] "x" and float64 [2] "x1".`,
    ]),
    ...[...binary, ...ordered, 'Equal' as const].map((op): RefusedCase => [
      `${op} of shapes that do not broadcast`,
      (g, x) => g[op](x('float32', 'T', 2), x('float32', 'B', 2)),
      `${op}: shapes do not fit: float32 [T, 2] "x" and float32 [B, 2] "x1".`,
    ]),
    ...logical.map((op): RefusedCase => [
      `${op} of numbers`,
      (g, x) => g[op](x('float32', 2), x('float32', 2)),
      `${op}: expected booleans, found float32 [2] "x".`,
    ]),
    ...logical.map((op): RefusedCase => [
      `${op} of booleans and numbers`,
      (g, x) => g[op](x('bool', 2), x('int32', 2)),
      `${op}: element types differ: bool [2] "x" and int32 [2] "x1".`,
    ]),
    ['Not of numbers', (g, x) => g.Not(x('uint8', 2)), 'Not: expected booleans, found uint8 [2] "x".'],
    [
      'Where on numbers',
      (g, x) => g.Where(x('float32', 2), x('float32', 2), x('float32', 2)),
      'Where: expected booleans, found float32 [2] "x".',
    ],
    [
      'Where with two element types',
      (g, x) => g.Where(x('bool', 2), x('float32', 2), x('int32', 2)),
      'Where: element types differ: float32 [2] "x1" and int32 [2] "x2".',
    ],
    [
      'Where with a condition that does not fit',
      (g, x) => g.Where(x('bool', 3), x('float32', 2), x('float32', 2)),
      'Where: bool [3] "x" does not fit float32 [2] "x1".',
    ],
  ]);
});
