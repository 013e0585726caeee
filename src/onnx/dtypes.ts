/** Element types of tensors, as ONNX numbers them. Knows nothing of any runtime. */

/** Element types that graphs here use. */
export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool' | 'string';

/** `TensorProto.DataType` of each element type. */
export const dtypeCodes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float64: 11,
};

/** The typed array that holds each numeric element type; a boolean is a byte. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** Element types that a typed array holds. */
export type NumericDType = keyof TypedArrays;
/** The elements of a tensor in row-major order. */
export type TypedArray = TypedArrays[NumericDType];

/** A zero-filled array of `size` elements. */
export function allocate<D extends NumericDType>(dtype: D, size: number): TypedArrays[D] {
  const constructors = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    int64: BigInt64Array,
    uint8: Uint8Array,
    bool: Uint8Array,
  } as const;
  return new constructors[dtype](size) as TypedArrays[D];
}

/** The element type of an ONNX code, or undefined for one that is not used here. */
export function dtypeOfCode(code: number): DType | undefined {
  return (Object.keys(dtypeCodes) as DType[]).find((dtype) => dtypeCodes[dtype] === code);
}

/** Whether values of the type can have a gradient. */
export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}
