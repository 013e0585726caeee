/** From the bytes of an ONNX model to what we read of it; every size in the file is distrusted until checked. */
import { fromBinary } from '@bufbuild/protobuf';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { allocate, dtypeOfCode, type NumericDType, type TypedArray } from './dtypes';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from './generated/onnx_pb';

/** A stored tensor: its elements in row-major order. */
export interface StoredTensor {
  readonly dtype: NumericDType;
  readonly dims: readonly number[];
  readonly data: TypedArray;
}

/** What a model file holds, decoded as far as this project uses it. */
export interface DecodedModel {
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Numeric initializers by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly inputs: readonly { name: string; type: string }[];
  readonly outputs: readonly { name: string; type: string }[];
  /** Operators with how often each occurs, sub-graphs included. */
  readonly operators: ReadonlyMap<string, number>;
  /** The attributes that are lists of integers of each node of an operator, in the order of the nodes; sub-graphs left out. */
  integerLists(operator: string): ReadonlyMap<string, readonly number[]>[];
}

/**
 * Decodes a model. Throws a UserError that names `file` where the bytes are not a model, are cut short, or hold a tensor
 * whose size is not what its shape says.
 */
export function decodeModel(bytes: Uint8Array, file: string): DecodedModel {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch {
    throw new UserError(sentence`this is not an ONNX model, or the file is cut short; export or copy it again.`, {
      file,
    });
  }
  const { graph } = model;
  if (graph === undefined || model.opsetImport.length === 0) {
    throw new UserError(sentence`this is not an ONNX model: it holds no graph; choose a .onnx file.`, { file });
  }
  const operators = new Map<string, number>();
  countOperators(graph, operators);
  return {
    producer: [model.producerName, model.producerVersion].filter((part) => part !== '').join(' '),
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
    tensors: new Map(graph.initializer.flatMap((tensor) => decodeTensor(tensor, file))),
    inputs: graph.input.map(describeValue),
    outputs: graph.output.map(describeValue),
    operators,
    integerLists: (operator) =>
      graph.node
        .filter(({ opType }) => opType === operator)
        .map(({ attribute }) => new Map(attribute.map(({ name, ints }) => [name, ints.map(Number)]))),
  };
}

function countOperators(graph: GraphProto, counts: Map<string, number>): void {
  for (const node of graph.node) {
    counts.set(node.opType, (counts.get(node.opType) ?? 0) + 1);
    for (const { g } of node.attribute) if (g !== undefined) countOperators(g, counts);
  }
}

function describeValue(info: ValueInfoProto): { name: string; type: string } {
  const tensor = info.type?.value.value;
  const dtype = dtypeOfCode(tensor?.elemType ?? 0) ?? 'unknown';
  const dims = tensor?.shape?.dim.map(({ value }) => (value.case === undefined ? '?' : String(value.value))) ?? [];
  return { name: info.name, type: `${dtype} [${dims.join(', ')}]` };
}

/** The tensor with its name; none for element types that are not used here. */
function decodeTensor(tensor: TensorProto, file: string): [string, StoredTensor][] {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined || dtype === 'string') return [];
  const dims = tensor.dims.map(Number);
  const size = dims.reduce((a, b) => a * b, 1);
  const place = { file };
  if (dims.some((dim) => dim < 0) || !Number.isSafeInteger(size)) {
    throw new UserError(sentence`the tensor "${tensor.name}" has an impossible shape; the file is damaged.`, place);
  }
  const listed: ArrayLike<number | bigint> = {
    float32: tensor.floatData,
    float64: tensor.doubleData,
    int32: tensor.int32Data,
    int64: tensor.int64Data,
    uint8: tensor.int32Data,
    bool: tensor.int32Data,
  }[dtype];
  const raw = tensor.rawData;
  const width = allocate(dtype, 0).BYTES_PER_ELEMENT;
  const stored = raw.length > 0 ? raw.length / width : listed.length;
  if (stored !== size) {
    throw new UserError(
      sentence`the tensor "${tensor.name}" has ${stored} elements where its shape says ${size}; the file is damaged.`,
      place,
    );
  }
  const data = allocate(dtype, size);
  if (raw.length > 0) new Uint8Array(data.buffer).set(raw);
  else (data as { set(source: ArrayLike<number | bigint>): void }).set(listed);
  return [[tensor.name, { dtype, dims, data }]];
}
