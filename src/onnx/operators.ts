/** The closed list of operators that graphs here are built from, with their attributes as ONNX (opset 20) names them. */
import type { DType } from './dtypes';

type None = Record<string, never>;

/** Attributes by operator. Sub-graphs are not attributes here: a node that has one holds it as `body`. */
export interface OperatorAttributes {
  // Element-wise
  Abs: None;
  Add: None;
  And: None;
  Cast: { to: DType };
  Div: None;
  Equal: None;
  Erf: None;
  Exp: None;
  Greater: None;
  Identity: None;
  Less: None;
  Log: None;
  Max: None;
  Min: None;
  Mul: None;
  Neg: None;
  Not: None;
  Or: None;
  Reciprocal: None;
  Relu: None;
  Sigmoid: None;
  Sign: None;
  Softplus: None;
  Sqrt: None;
  Sub: None;
  Tanh: None;
  Where: None;
  // Along axes
  ArgMax: { axis: number; keepdims: 0 | 1 };
  LogSoftmax: { axis: number };
  ReduceLogSumExp: { keepdims: 0 | 1 };
  ReduceMax: { keepdims: 0 | 1 };
  ReduceMean: { keepdims: 0 | 1 };
  ReduceSum: { keepdims: 0 | 1 };
  ReduceSumSquare: { keepdims: 0 | 1 };
  Softmax: { axis: number };
  // Products
  MatMul: None;
  // Shape and place
  Concat: { axis: number };
  Expand: None;
  Gather: { axis: number };
  GatherElements: { axis: number };
  GatherND: None;
  OneHot: { axis: number };
  Reshape: None;
  ReverseSequence: { time_axis: 0 | 1; batch_axis: 0 | 1 };
  ScatterElements: { axis: number; reduction: 'none' | 'add' };
  ScatterND: { reduction: 'none' | 'add' };
  Shape: None;
  Slice: None;
  Split: { axis: number };
  Squeeze: None;
  Transpose: { perm: readonly number[] };
  Unsqueeze: None;
  // Text
  TfIdfVectorizer: {
    mode: 'TF';
    min_gram_length: number;
    max_gram_length: number;
    max_skip_count: 0;
    /** Where the n-grams of each length from 1 on start in the pool. */
    ngram_counts: readonly number[];
    /** Place in the output of each n-gram. */
    ngram_indexes: readonly number[];
    /** The n-grams one after the other, by rising length. */
    pool_int64s: readonly number[];
  };
  // Recurrent
  GRU: { hidden_size: number; direction: Direction; linear_before_reset: 0 | 1 };
  LSTM: { hidden_size: number; direction: Direction };
  RNN: { hidden_size: number; direction: Direction; activations: readonly string[] };
  Scan: {
    num_scan_inputs: number;
    /** 0 forward, 1 backward in time, by scanned input. */
    scan_input_directions: readonly (0 | 1)[];
    scan_output_directions: readonly (0 | 1)[];
  };
}

/** Which way a fused recurrent operator reads its sequence. */
export type Direction = 'forward' | 'reverse' | 'bidirectional';
/** An operator by its ONNX name. */
export type Operator = keyof OperatorAttributes;

/** The opset that every emitted graph declares. */
export const opsetVersion = 20;
/** The IR version that goes with it. */
export const irVersion = 9;
