/** A graph as text, for people: one constant or node a line, sub-graphs indented. */
import { renderShape } from './dims';
import type { Graph, Value } from './graph';

/** Elements of a constant that are shown. */
const shownElements = 8;

/** The graph with its inputs, constants, nodes and results, in the order in which they were built. */
export function printGraph(graph: Graph, indent = ''): string {
  const typed = ({ name, dtype, shape }: Value): string => `${name}: ${dtype}${renderShape(shape)}`;
  const lines = graph.inputs.map((value) => `${indent}${typed(value)} = input`);
  for (const { value, data } of graph.constants) {
    const elements = Array.from(data.slice(0, shownElements), String);
    if (data.length > shownElements) elements.push('…');
    lines.push(`${indent}${typed(value)} = ${elements.join(', ')}`);
  }
  for (const node of graph.nodes) {
    const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const operands = [...node.inputs.map((value) => value?.name ?? '-'), ...attributes].join(', ');
    lines.push(`${indent}${node.outputs.map(typed).join(', ')} = ${node.op}(${operands})`);
    if (node.body !== null) lines.push(printGraph(node.body, `${indent}  `));
  }
  lines.push(...graph.outputs.map(({ name, value }) => `${indent}return ${name} = ${value.name}`));
  return lines.join('\n');
}
