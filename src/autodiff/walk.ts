/** The reverse walk over a graph's nodes: gradients flow from results to inputs, one rule a node. */
import type { AnyNode, Graph, Node, Value } from '../onnx/graph';
import { isFloat } from '../onnx/dtypes';
import { broadcastShapes, equalShapes } from '../onnx/dims';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Operator } from '../onnx/operators';
import type { Rule, RuleContext } from './rule';
import { rules } from './rules';
import { unbroadcast } from './unbroadcast';

/** Gradients found so far, by the value whose gradient they are. */
export class Gradients {
  private readonly sums = new Map<Value, Value>();

  constructor(private readonly g: GraphBuilder) {}

  get(value: Value): Value | undefined {
    return this.sums.get(value);
  }

  /** Adds a contribution to the gradient of `value`. */
  add(value: Value, contribution: Value): void {
    if (contribution.dtype !== value.dtype || !equalShapes(contribution.shape, value.shape)) {
      throw new Error(`The gradient ${contribution.toString()} does not fit ${value.toString()}.`);
    }
    const sum = this.sums.get(value);
    this.sums.set(value, sum === undefined ? contribution : this.g.Add(sum, contribution));
  }
}

export interface Walk {
  /** Where gradient nodes are built. */
  readonly g: GraphBuilder;
  readonly nodes: readonly AnyNode[];
  readonly gradients: Gradients;
  /** Values that depend on something whose gradient is wanted. */
  readonly active: ReadonlySet<Value>;
  /** A forward value as `g` can use it. */
  readonly resolve: (value: Value) => Value;
  /** Takes over an input of a node: returns true where the caller sees to its gradient itself. */
  readonly intercept?: (node: AnyNode, input: number) => boolean;
  /** Differentiates a Scan; adds to `gradients`. */
  readonly scan: (node: Node<'Scan'>, walk: Walk) => void;
}

/** The values among those of `nodes` that depend on one of `sources`, with the sources; captures of bodies count. */
export function dependents(nodes: readonly AnyNode[], sources: Iterable<Value>): Set<Value> {
  const active = new Set(sources);
  for (const node of nodes) {
    if (readsAny(node, active)) for (const output of node.outputs) if (isFloat(output.dtype)) active.add(output);
  }
  return active;
}

function readsAny(node: AnyNode, values: ReadonlySet<Value>): boolean {
  if (node.inputs.some((input) => input !== null && values.has(input))) return true;
  return node.body !== null && capturesOf(node.body).some((value) => values.has(value));
}

/** Values from outside that a sub-graph uses, nested sub-graphs included. */
export function capturesOf(body: Graph): Value[] {
  const captures = new Set<Value>();
  const visit = (graph: Graph): void => {
    const used = [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map((output) => output.value)];
    for (const value of used) if (value !== null && body.parent?.sees(value) === true) captures.add(value);
    for (const node of graph.nodes) if (node.body !== null) visit(node.body);
  };
  visit(body);
  return [...captures];
}

/** Walks the nodes backwards and fills `gradients`. */
export function walkBack(walk: Walk): void {
  for (const node of [...walk.nodes].reverse()) {
    if (!node.outputs.some((output) => walk.gradients.get(output) !== undefined)) continue;
    if (node.op === 'Scan') walk.scan(node, walk);
    else {
      const wanted = node.inputs.map((input, at) => {
        if (input === null || !isFloat(input.dtype) || !walk.active.has(input)) return false;
        return walk.intercept?.(node, at) !== true;
      });
      if (!wanted.includes(true)) continue;
      const found = applyRule(walk, node, wanted);
      found.forEach((gradient, at) => {
        if (gradient !== null) walk.gradients.add(node.inputs[at]!, gradient);
      });
    }
  }
}

/** The gradients of a node's wanted inputs, in their shapes. */
export function applyRule(walk: Walk, node: AnyNode, wanted: readonly boolean[]): (Value | null)[] {
  const rule = rules[node.op] as Rule<Operator> | null;
  if (rule === null) return [];
  const { g } = walk;
  const context: RuleContext = {
    g,
    attributes: node.attributes,
    inputCount: node.inputs.length,
    outputCount: node.outputs.length,
    input: (at) => walk.resolve(node.inputs[at]!),
    output: (at) => walk.resolve(node.outputs[at]!),
    gradient: (at) => {
      const output = node.outputs[at]!;
      return walk.gradients.get(output) ?? g.zeros(output.shape, output.dtype as 'float32' | 'float64');
    },
    needs: (at) => wanted[at] === true,
  };
  return rule(context).map((gradient, at) => {
    if (gradient === null || wanted[at] !== true) return null;
    const { shape, dtype } = node.inputs[at]!;
    const fits = gradient.dtype === dtype && broadcastShapes(gradient.shape, shape) !== undefined;
    if (!fits) throw new Error(`${node.op}: the gradient ${gradient.toString()} does not fit input ${at}.`);
    return unbroadcast(g, gradient, shape);
  });
}
