/** What a graph of training is, whatever the architecture; knows no runtime. */
import type { DropoutSite, ParameterSpec } from '../nn/scope';

/** A parameter of which a step sees only the rows that its batch touches: a table of vectors. */
export interface SparseTable {
  readonly parameter: string;
  /** The graph's int32 inputs that hold rows of the table. */
  readonly rowInputs: readonly string[];
}

/**
 * Loss and gradients of a part of a batch. Outputs: `loss`, the gradient of each trained parameter by
 * `updateNames.gradient`, and what else the architecture hands out.
 */
export interface TrainingGraph {
  readonly bytes: Uint8Array;
  readonly parameters: readonly ParameterSpec[];
  /** Parameters whose gradients are outputs. */
  readonly trained: readonly string[];
  readonly dropouts: readonly DropoutSite[];
  readonly sparse: readonly SparseTable[];
}
