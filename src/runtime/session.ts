/** The only door to onnxruntime-node: sessions that run a model's bytes on typed arrays. */
import * as ort from 'onnxruntime-node';
import type { NumericDType, TypedArray, TypedArrays } from '../onnx/dtypes';

/** A tensor in the process' memory. */
export interface Tensor<D extends NumericDType = NumericDType> {
  readonly dtype: D;
  readonly dims: readonly number[];
  readonly data: TypedArrays[D];
}

/** A tensor over an array, which is used as it is. */
export function tensor<D extends NumericDType>(dtype: D, dims: readonly number[], data: TypedArrays[D]): Tensor<D> {
  return { dtype, dims, data };
}

export interface SessionOptions {
  /** Threads inside an operator; 0 leaves it to the runtime. */
  readonly threads?: number;
  /** Write a profile of every node to a file with this prefix. */
  readonly profilePrefix?: string;
}

export type Feeds = Readonly<Record<string, Tensor>>;

/** A loaded model. `run` works on the calling thread and blocks it until the results are there. */
export class Session {
  private constructor(private readonly session: ort.InferenceSession) {}

  static async create(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
    const session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: options.threads ?? 0,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // A plan of memory by shape saves no time in our graphs, and takes a third more memory: it comes beside what the first
      // run took.
      enableMemPattern: false,
      ...(options.profilePrefix === undefined
        ? {}
        : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
    });
    return new Session(session);
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }
  get outputNames(): readonly string[] {
    return this.session.outputNames;
  }

  /**
   * Runs the model and gives the `wanted` outputs, all by default. The runtime computes the whole graph in any case; an
   * output that is not wanted is only not copied. Results named in `into` are written to those tensors, without a copy;
   * the others are new tensors.
   */
  async run(feeds: Feeds, wanted?: readonly string[], into: Feeds = {}): Promise<Record<string, Tensor>> {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]));
    const names = wanted ?? this.session.outputNames;
    const fetches = Object.fromEntries(names.map((name) => [name, name in into ? toOrt(into[name]!) : null]));
    const results = await this.session.run(inputs, fetches);
    return Object.fromEntries(names.map((name) => [name, into[name] ?? fromOrt(results[name]!)]));
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  /** Ends profiling and writes the profile, where it was asked for. */
  endProfiling(): void {
    this.session.endProfiling();
  }
}

function toOrt(value: Tensor): ort.Tensor {
  // A boolean tensor is bytes on both sides; the library's types name each pair of element type and array separately.
  return new ort.Tensor(value.dtype as 'float32', value.data as Float32Array, value.dims);
}

function fromOrt(value: ort.Tensor): Tensor {
  return { dtype: value.type as NumericDType, dims: value.dims, data: value.data as TypedArray };
}
