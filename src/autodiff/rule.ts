/** What a differentiation rule is given and gives. */
import type { Value } from '../onnx/graph';
import type { GraphBuilder } from '../onnx/graphBuilder';
import type { Operator, OperatorAttributes } from '../onnx/operators';

/** What a rule sees of the node that it differentiates; all values are usable in `g`. */
export interface RuleContext<O extends Operator = Operator> {
  readonly g: GraphBuilder;
  readonly attributes: OperatorAttributes[O];
  readonly inputCount: number;
  readonly outputCount: number;
  input(at: number): Value;
  output(at: number): Value;
  /** ∂loss/∂output; zeros where nothing flows back into an output of a node with several. */
  gradient(at: number): Value;
  /** Whether ∂loss/∂input is wanted. */
  needs(at: number): boolean;
}

/**
 * Gradients by input, null where none is wanted or defined. A gradient may still have the broadcast shape of the output:
 * the walk sums it down.
 */
export type Rule<O extends Operator> = (context: RuleContext<O>) => (Value | null)[];
