/** Makes the values of a forward loop available after it: stored by the loop, or computed again where that is cheap. */
import { type Dim, sizeOf, termsOf } from '../onnx/dims';
import type { AnyNode, Node, Value } from '../onnx/graph';
import { addScanOutput, type GraphBuilder } from '../onnx/graphBuilder';
import type { Operator } from '../onnx/operators';
import { isLiftable, lift, type Lifted } from './lift';

/** Operators that cost no more than reading their result from memory would. */
const cheap: ReadonlySet<Operator> = new Set<Operator>([
  ...(['Abs', 'Add', 'And', 'Cast', 'Concat', 'Equal', 'Expand', 'Greater', 'Identity', 'Less', 'Max', 'Min'] as const),
  ...(['Mul', 'Neg', 'Not', 'Or', 'Relu', 'Reshape', 'Sign', 'Slice', 'Split', 'Squeeze', 'Sub', 'Transpose'] as const),
  ...(['Unsqueeze', 'Where'] as const),
]);

/** Stands for every named size when two amounts of memory are compared. */
const typicalSize = 32;

export class Residuals {
  private readonly found = new Map<Value, Lifted>();
  private readonly body: GraphBuilder;
  private readonly states: number;
  private readonly time: Dim;

  /**
   * @param resolve makes a value of the loop's surroundings usable in `g`
   * @param isWanted whether a value of the body will be asked for
   */
  constructor(
    private readonly g: GraphBuilder,
    private readonly scan: Node<'Scan'>,
    private readonly resolve: (value: Value) => Value,
    private readonly isWanted: (value: Value) => boolean,
  ) {
    this.body = scan.body as GraphBuilder;
    this.states = scan.inputs.length - scan.attributes.num_scan_inputs;
    this.time = scan.inputs[this.states]!.shape[0]!;
  }

  /** A value of the loop's body, or one that the body captures, for all iterations in their order. */
  get(value: Value): Lifted {
    if (value.graph !== this.body) return { value: this.resolve(value), stacked: false };
    const known = this.found.get(value);
    if (known !== undefined) return known;
    const residual = this.alreadyThere(value) ?? this.recomputed(value) ?? this.stored(value);
    this.found.set(value, residual);
    return residual;
  }

  /** A scanned input, or a value that the loop stacks anyway. */
  private alreadyThere(value: Value): Lifted | undefined {
    const { scan, states } = this;
    const input = this.body.inputs.indexOf(value);
    if (input >= states && scan.attributes.scan_input_directions[input - states] === 0) {
      return { value: this.resolve(scan.inputs[input]!), stacked: true };
    }
    const output = this.stackedOutput(value);
    return output === undefined ? undefined : { value: this.resolve(output), stacked: true };
  }

  private stackedOutput(value: Value): Value | undefined {
    const { scan, states } = this;
    const at = this.body.outputs.findIndex(
      (output, index) =>
        index >= states &&
        scan.attributes.scan_output_directions[index - states] === 0 &&
        (output.value === value ||
          (output.value.producer?.op === 'Identity' && output.value.producer.inputs[0] === value)),
    );
    return at < 0 ? undefined : scan.outputs[at]!;
  }

  /**
   * Computes the value again from others, where less has to be stored for that than the value itself with what else is wanted
   * of its node, or as much that is wanted anyway.
   */
  private recomputed(value: Value): Lifted | undefined {
    const node = value.producer;
    if (node === null || !cheap.has(node.op)) return undefined;
    const stacked = node.inputs.map((input) => input?.graph === this.body);
    if (!isLiftable(node, stacked)) return undefined;
    const toStore = new Set<Value>();
    this.collectStores(node, toStore);
    const elements = (values: Iterable<Value>): number =>
      [...values].reduce((sum, stored) => sum + typicalElements(stored), 0);
    const own = elements(node.outputs.filter((output) => output === value || this.isWanted(output)));
    const forThisAlone = [...toStore].filter((stored) => !this.isWanted(stored));
    if (elements(toStore) > own || elements(forThisAlone) >= own) return undefined;
    const outputs = lift(
      this.g,
      node,
      node.inputs.map((input) => (input === null ? null : this.get(input))),
      this.time,
    );
    node.outputs.forEach((output, at) =>
      this.found.set(output, { value: outputs[at]!, stacked: stacked.includes(true) }),
    );
    return this.found.get(value);
  }

  /** What a recomputation of `node` would have to store first. */
  private collectStores(node: AnyNode, toStore: Set<Value>): void {
    for (const input of node.inputs) {
      if (input?.graph !== this.body || this.found.has(input) || this.alreadyThere(input) !== undefined) continue;
      const { producer } = input;
      if (producer !== null && cheap.has(producer.op)) this.collectStores(producer, toStore);
      else toStore.add(input);
    }
  }

  /** Adds the value to the stacked outputs of the loop. */
  private stored(value: Value): Lifted {
    return { value: this.resolve(addScanOutput(this.scan, value)), stacked: true };
  }
}

/** Elements of a value where every named size were a typical one; to compare amounts of memory. */
export function typicalElements(value: Value): number {
  return termsOf(sizeOf(value.shape)).reduce(
    (sum, { coefficient, names }) => sum + coefficient * typicalSize ** names.length,
    0,
  );
}
