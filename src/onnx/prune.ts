/** Which nodes, constants and stacked outputs of a graph its results need; the rest is not written. */
import type { AnyNode, Graph, Value } from './graph';

/** What is written of a graph, sub-graphs included. */
export interface LiveParts {
  readonly nodes: ReadonlySet<AnyNode>;
  readonly values: ReadonlySet<Value>;
}

/**
 * Walks back from the results of `graph`. A Scan is alive with its states and those stacked outputs that somebody reads;
 * its body then needs only those.
 */
export function findLiveParts(graph: Graph): LiveParts {
  const nodes = new Set<AnyNode>();
  const values = new Set<Value>(graph.outputs.map((output) => output.value));
  visit(graph, nodes, values);
  return { nodes, values };
}

function visit(graph: Graph, nodes: Set<AnyNode>, values: Set<Value>): void {
  for (let at = graph.nodes.length - 1; at >= 0; at--) {
    const node = graph.nodes[at]!;
    if (!node.outputs.some((output) => values.has(output))) continue;
    nodes.add(node);
    for (const input of node.inputs) if (input !== null) values.add(input);
    if (node.body !== null) {
      node.body.outputs.forEach(({ value }, output) => {
        if (isLiveScanOutput(node, output, values)) values.add(value);
      });
      visit(node.body, nodes, values);
    }
  }
}

/** Whether output `at` of a Scan is written: all states are, a stacked output only where it is read. */
export function isLiveScanOutput(node: AnyNode, at: number, values: ReadonlySet<Value>): boolean {
  if (node.op !== 'Scan') return true;
  return at < node.inputs.length - node.attributes.num_scan_inputs || values.has(node.outputs[at]!);
}
