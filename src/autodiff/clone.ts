/** Copies nodes, sub-graphs included, into another graph. */
import type { AnyNode, Graph, Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';

/** Emits a copy of `node` in `target`, its operands mapped; returns the copy's outputs. */
export function cloneNode(target: GraphBuilder, node: AnyNode, map: (value: Value) => Value): Value[] {
  const inputs = node.inputs.map((input) => (input === null ? null : map(input)));
  const body = node.body === null ? null : cloneBody(target, node.body, map);
  const specs = node.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
  return target.emit(node.op, inputs, node.attributes, specs, body);
}

function cloneBody(parent: GraphBuilder, body: Graph, outer: (value: Value) => Value): GraphBuilder {
  const copy = new GraphBuilder(parent.fresh('step'), parent);
  const own = new Map<Value, Value>();
  for (const input of body.inputs) own.set(input, copy.input(parent.fresh('at'), input.dtype, input.shape));
  const map = (value: Value): Value => own.get(value) ?? outer(value);
  for (const node of body.nodes) {
    const outputs = cloneNode(copy, node, map);
    node.outputs.forEach((output, at) => own.set(output, outputs[at]!));
  }
  for (const { value } of body.outputs) copy.output(copy.fresh('result'), map(value));
  return copy;
}
