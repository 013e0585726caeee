/** From a graph to the bytes of an ONNX model. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Shape } from './dims';
import { type DType, dtypeCodes, type TypedArray } from './dtypes';
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb';
import type { AnyNode, Graph, Value } from './graph';
import { irVersion, opsetVersion } from './operators';
import { findLiveParts, isLiveScanOutput, type LiveParts } from './prune';

/** What a model file says besides its graph. */
export interface EncodeOptions {
  /** Written to `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly producerVersion?: string;
}

/** The graph as a complete ModelProto; nodes and constants that no output needs are left out. */
export function encodeModel(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  const live = findLiveParts(graph);
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: 'sequence-lab',
    producerVersion: options.producerVersion ?? '',
    opsetImport: [{ domain: '', version: BigInt(opsetVersion) }],
    graph: encodeGraph(graph, null, live, new Map()),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, model);
}

/** Names as the file has them: a result bears its output's name. */
type Names = Map<Value, string>;

function encodeGraph(graph: Graph, owner: AnyNode | null, live: LiveParts, outerNames: Names): GraphProto {
  const names: Names = new Map(outerNames);
  const outputs = graph.outputs.filter((_, at) => owner === null || isLiveScanOutput(owner, at, live.values));
  const copies: NodeProto[] = [];
  for (const { name, value } of outputs) {
    const isOwnResult = value.graph === graph && value.producer !== null && !names.has(value);
    if (isOwnResult) names.set(value, name);
  }
  for (const { name, value } of outputs) {
    if (names.get(value) !== name) {
      copies.push(create(NodeProtoSchema, { opType: 'Identity', input: [nameOf(value, names)], output: [name] }));
    }
  }
  const liveNodes = graph.nodes.filter((node) => live.nodes.has(node));
  const nodes = liveNodes.map((node) => encodeNode(node, live, names));
  const results = new Set(outputs.map(({ value }) => value));
  const innerValues = liveNodes.flatMap((node) => liveOutputs(node, live)).filter((value) => !results.has(value));
  return create(GraphProtoSchema, {
    name: graph.label,
    node: [...nodes, ...copies],
    initializer: graph.constants
      .filter(({ value }) => live.values.has(value))
      .map(({ value, data, dims }) => encodeTensor(value.name, value.dtype, data, dims)),
    input: graph.inputs.map((value) => encodeValueInfo(value.name, value.dtype, value.shape)),
    output: outputs.map(({ name, value }) => encodeValueInfo(name, value.dtype, value.shape)),
    // A runtime that knows that two shapes are equal lets an operator write over its operand.
    valueInfo: innerValues.map((value) => encodeValueInfo(nameOf(value, names), value.dtype, value.shape)),
  });
}

function nameOf(value: Value | null, names: Names): string {
  return value === null ? '' : (names.get(value) ?? value.name);
}

function liveOutputs(node: AnyNode, { values }: LiveParts): Value[] {
  return node.outputs.filter((_, at) => isLiveScanOutput(node, at, values));
}

function encodeNode(node: AnyNode, live: LiveParts, names: Names): NodeProto {
  const attribute = Object.entries(attributesOf(node, live)).map(([name, value]) => encodeAttribute(name, value));
  if (node.body !== null) {
    const body = encodeGraph(node.body, node, live, names);
    attribute.unshift(create(AttributeProtoSchema, { name: 'body', type: AttributeType.GRAPH, g: body }));
  }
  return create(NodeProtoSchema, {
    name: node.outputs[0]!.name,
    opType: node.op,
    input: node.inputs.map((value) => nameOf(value, names)),
    output: liveOutputs(node, live).map((value) => nameOf(value, names)),
    attribute,
  });
}

/** A number is an integer: no operator here has an attribute that is a fraction. */
type AttributeValue = number | string | readonly number[] | readonly string[];

function attributesOf(node: AnyNode, live: LiveParts): Record<string, AttributeValue> {
  if (node.op === 'Cast') return { to: dtypeCodes[node.attributes.to] };
  if (node.op !== 'Scan') return node.attributes;
  const states = node.inputs.length - node.attributes.num_scan_inputs;
  return {
    ...node.attributes,
    scan_output_directions: node.attributes.scan_output_directions.filter((_, at) =>
      isLiveScanOutput(node, states + at, live.values),
    ),
  };
}

function encodeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  const text = (part: string): Uint8Array => new TextEncoder().encode(part);
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: text(value) });
  }
  if (value.length > 0 && typeof value[0] === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRINGS,
      strings: (value as readonly string[]).map(text),
    });
  }
  const ints = (value as readonly number[]).map(BigInt);
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
}

function encodeTensor(
  name: string,
  dtype: DType,
  data: TypedArray | readonly string[],
  dims: readonly number[],
): TensorProto {
  const head = { name, dataType: dtypeCodes[dtype], dims: dims.map(BigInt) };
  if (ArrayBuffer.isView(data)) {
    // Typed arrays are little-endian on every platform that the runtime supports, as raw_data must be.
    return create(TensorProtoSchema, {
      ...head,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
  }
  return create(TensorProtoSchema, { ...head, stringData: data.map((text) => new TextEncoder().encode(text)) });
}

function encodeValueInfo(name: string, dtype: DType, shape: Shape): ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const value = { case: 'tensorType' as const, value: { elemType: dtypeCodes[dtype], shape: { dim } } };
  return create(ValueInfoProtoSchema, { name, type: { value } });
}
