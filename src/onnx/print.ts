/** A graph as text, for people: one node a line, sub-graphs indented. */
import { renderShape } from './dims';
import type { Graph } from './graph';

export function printGraph(graph: Graph, indent = ''): string {
  const lines = graph.inputs.map(
    (value) => `${indent}${value.name}: ${value.dtype}${renderShape(value.shape)} = input`,
  );
  for (const node of graph.nodes) {
    const results = node.outputs.map((value) => `${value.name}: ${value.dtype}${renderShape(value.shape)}`).join(', ');
    const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const operands = [...node.inputs.map((value) => value?.name ?? '-'), ...attributes].join(', ');
    lines.push(`${indent}${results} = ${node.op}(${operands})`);
    if (node.body !== null) lines.push(printGraph(node.body, `${indent}  `));
  }
  lines.push(...graph.outputs.map(({ name, value }) => `${indent}return ${name} = ${value.name}`));
  return lines.join('\n');
}
