/**
 * Splits the gradient of a loop's step in two: what depends on the gradients that travel back through time stays in the
 * backward loop, everything else is static and is computed before it for all steps at once, unless a step's part is large.
 */
import { type Dim, equalShapes } from '../onnx/dims';
import type { AnyNode, Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import { cloneNode } from './clone';
import { isElementwise, isLiftable, lift, type Lifted } from './lift';
import { typicalElements } from './residuals';

/**
 * Elements from which on a step's value is found within the loop: so many cost more than an operator's call, and are in the
 * cache there, where those of all steps would be written to memory and read again.
 */
const manyElements = 8192;

export class BackwardStep {
  /** The backward loop's body. */
  readonly body: GraphBuilder;
  /** What the backward loop scans: the outer sequence, the body's input and whether it is read from the end. */
  readonly scanned: { outer: Value; inner: Value; fromEnd: boolean }[] = [];
  private readonly inBody = new Map<Value, Value>();
  private readonly outside = new Map<Value, Lifted>();
  private readonly statics = new Map<Value, boolean>();
  private readonly slices = new Map<Value, Value>();

  /**
   * `draft` holds the step's gradient as one graph; `sources` gives for each of its inputs where the value comes from:
   * a value of the body (a state or a scanned gradient), or a value outside of the loop.
   */
  constructor(
    private readonly g: GraphBuilder,
    private readonly draft: GraphBuilder,
    private readonly time: Dim,
    private readonly outsideSource: (input: Value) => Lifted | undefined,
  ) {
    this.body = new GraphBuilder(g.fresh('back'), g);
  }

  /** Makes an input of the draft a state of the loop. */
  addState(draftInput: Value): Value {
    const inner = this.body.input(this.g.fresh('state'), draftInput.dtype, draftInput.shape);
    this.inBody.set(draftInput, inner);
    return inner;
  }

  /** Makes an input of the draft a scanned input of the loop. */
  addScanned(draftInput: Value, outer: Value, fromEnd: boolean): void {
    this.inBody.set(draftInput, this.scan(outer, fromEnd));
  }

  /** The value as the loop's body sees it at one step. */
  asStep(value: Value): Value {
    const isStatic = this.isStatic(value);
    if (isStatic && !this.isForEachStep(value)) {
      const { value: outer, stacked } = this.asLifted(value);
      return stacked ? this.slice(outer) : outer;
    }
    const known = this.inBody.get(value);
    if (known !== undefined) return known;
    const node = value.producer!;
    const simpler = isStatic ? null : (this.simplify(node) ?? this.asOneProduct(node));
    if (simpler !== null) {
      const step = this.asStep(simpler);
      this.inBody.set(value, step);
      return step;
    }
    const outputs = cloneNode(this.body, node, (input) => this.asStep(input));
    node.outputs.forEach((output, at) => this.inBody.set(output, outputs[at]!));
    return this.inBody.get(value)!;
  }

  /** Whether the value does not depend on what the loop computes. */
  isStatic(value: Value): boolean {
    if (value.graph !== this.draft) return true;
    let known = this.statics.get(value);
    if (known === undefined) {
      const { producer } = value;
      known =
        producer === null
          ? this.outsideSource(value) !== undefined
          : producer.inputs.every((input) => input === null || this.isStatic(input)) &&
            isLiftable(
              producer,
              producer.inputs.map((input) => input !== null && this.isStacked(input)),
            );
      this.statics.set(value, known);
    }
    return known;
  }

  /** A static value for all steps, in the order of the forward iterations. */
  asLifted(value: Value): Lifted {
    if (value.graph !== this.draft) return { value, stacked: false };
    const known = this.outside.get(value);
    if (known !== undefined) return known;
    const node = value.producer;
    if (node === null) {
      const source = this.outsideSource(value)!;
      this.outside.set(value, source);
      return source;
    }
    const operands = node.inputs.map((input) => (input === null ? null : this.asLifted(input)));
    const outputs = lift(this.g, node, operands, this.time);
    const stacked = operands.some((operand) => operand?.stacked === true);
    node.outputs.forEach((output, at) => this.outside.set(output, { value: outputs[at]!, stacked }));
    return this.outside.get(value)!;
  }

  /** Whether a static value is better found at each step than for all at once. */
  private isForEachStep(value: Value): boolean {
    const node = value.producer;
    if (value.graph !== this.draft || node === null || this.outside.has(value)) return false;
    const onlyMoves = node.op === 'Concat' || node.op === 'Split';
    return (isElementwise(node.op) || onlyMoves) && this.isStacked(value) && typicalElements(value) >= manyElements;
  }

  private isStacked(value: Value): boolean {
    if (value.graph !== this.draft) return false;
    const { producer } = value;
    return producer === null || producer.inputs.some((input) => input !== null && this.isStacked(input));
  }

  private slice(outer: Value): Value {
    let inner = this.slices.get(outer);
    if (inner === undefined) {
      inner = this.scan(outer, true);
      this.slices.set(outer, inner);
    }
    return inner;
  }

  private scan(outer: Value, fromEnd: boolean): Value {
    const inner = this.body.input(this.g.fresh('at'), outer.dtype, outer.shape.slice(1));
    this.scanned.push({ outer, inner, fromEnd });
    return inner;
  }

  /**
   * The same value with as little as possible left to the loop: products with static factors are brought into the form
   * `x · factor` with one static factor. Null where nothing is gained.
   */
  private simplify(node: AnyNode): Value | null {
    const { draft } = this;
    const [a, b] = node.inputs as [Value, Value | undefined];
    if (node.op === 'Mul') {
      const [x, factor] = this.isStatic(a) ? [b!, a] : [a, b!];
      return this.isStatic(factor) && equalShapes(x.shape, node.outputs[0]!.shape) ? this.times(x, factor) : null;
    }
    if (node.op === 'Add' && !this.isStatic(a) && !this.isStatic(b!) && equalShapes(a.shape, b!.shape)) {
      const [left, right] = [this.linear(a), this.linear(b!)];
      if (left.base !== right.base || (left.factor === null && right.factor === null)) return null;
      const one = draft.scalar(1, a.dtype as 'float32' | 'float64');
      return draft.Mul(left.base, draft.Add(left.factor ?? one, right.factor ?? one));
    }
    if (node.op === 'Concat') {
      const parts = node.inputs as readonly Value[];
      const { axis } = node.attributes;
      const isNested = (part: Value): boolean => {
        const inner = this.simplified(part);
        return !this.isStatic(part) && inner.producer?.op === 'Concat' && inner.producer.attributes.axis === axis;
      };
      if (!parts.some(isNested)) return null;
      const flat = parts.flatMap((part) =>
        isNested(part) ? (this.simplified(part).producer!.inputs as readonly Value[]) : [part],
      );
      return draft.Concat(flat, axis);
    }
    return null;
  }

  /** Several products side by side as one product of two longer tensors. */
  private asOneProduct(node: AnyNode): Value | null {
    if (node.op !== 'Concat') return null;
    const parts = (node.inputs as readonly Value[]).map((part) => (this.isStatic(part) ? null : this.linear(part)));
    const products = parts.flatMap((part) =>
      part?.factor == null || this.isForEachStep(part.factor) ? [] : [{ base: part.base, factor: part.factor }],
    );
    if (products.length < parts.length || products.length < 2) return null;
    const { draft } = this;
    const join = (values: readonly Value[]): Value => draft.Concat(values, node.attributes.axis);
    return draft.Mul(join(products.map(({ base }) => base)), join(products.map(({ factor }) => factor)));
  }

  private simplified(value: Value): Value {
    let current = value;
    while (current.graph === this.draft && current.producer !== null && !this.isStatic(current)) {
      const simpler = this.simplify(current.producer);
      if (simpler === null) break;
      current = simpler;
    }
    return current;
  }

  /** `x · factor` with the factor taken into `x` where `x` is a product already; null where it is not. */
  private times(x: Value, factor: Value): Value | null {
    const { draft } = this;
    const node = x.producer;
    if (node === null) return null;
    if (node.op === 'Concat' && equalShapes(factor.shape, x.shape)) {
      const { axis } = node.attributes;
      const parts = node.inputs as readonly Value[];
      const isProduct = (part: Value): boolean => this.isStatic(part) || this.linear(part).factor !== null;
      if (!parts.every(isProduct)) return null;
      const factors = draft.Split(
        factor,
        parts.map((part) => part.shape[axis]!),
        axis,
      );
      return draft.Concat(
        parts.map((part, at) => draft.Mul(part, factors[at]!)),
        axis,
      );
    }
    const { base, factor: inner } = this.linear(x);
    return inner === null ? null : draft.Mul(base, draft.Mul(inner, factor));
  }

  /** `x` as `base · factor` with a static factor, null for 1, where all have the shape of `x`. */
  private linear(x: Value): { base: Value; factor: Value | null } {
    const node = x.producer;
    if (node !== null && x.graph === this.draft && isElementwise(node.op)) {
      const { draft } = this;
      const [a, b] = node.inputs as [Value, Value | undefined];
      if (node.op === 'Neg') {
        const { base, factor } = this.linear(a);
        const minus = factor === null ? draft.scalar(-1, x.dtype as 'float32' | 'float64') : draft.Neg(factor);
        return { base, factor: minus };
      }
      if (node.op === 'Mul') {
        const [operand, by] = this.isStatic(a) ? [b!, a] : [a, b!];
        if (this.isStatic(by) && !this.isStatic(operand) && equalShapes(operand.shape, x.shape)) {
          const { base, factor } = this.linear(operand);
          return { base, factor: factor === null ? by : draft.Mul(factor, by) };
        }
      }
      if (node.op === 'Add') {
        const simpler = this.simplify(node);
        if (simpler !== null) return this.linear(simpler);
      }
    }
    return { base: x, factor: null };
  }
}
