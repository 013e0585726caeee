/** Holds a training of ours against the same one of PyTorch. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

export interface TrainingTolerances {
  /** Largest relative difference of losses. */
  readonly loss: number;
  /** Largest difference of final weights. */
  readonly weight: number;
}

export interface ComparedTraining {
  readonly losses: readonly number[];
  /** Final weights by parameter. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

export const largest = (numbers: Iterable<number>): number =>
  [...numbers].reduce((a, b) => Math.max(a, Math.abs(b)), 0);

/** Asserts that losses and final weights agree, and that the loss has fallen by `fall` at least. */
export function compareTraining(
  context: TestContext,
  ours: ComparedTraining,
  theirs: ComparedTraining,
  tolerances: TrainingTolerances,
  fall: number,
): void {
  const { losses } = ours;
  assert.equal(theirs.losses.length, losses.length);
  const loss = largest(losses.map((value, at) => (value - theirs.losses[at]!) / theirs.losses[at]!));
  const weight = largest(
    [...ours.weights].map(([parameter, own]) => {
      const reference = theirs.weights.get(parameter)!;
      assert.equal(reference.length, own.length, parameter);
      return largest(own.map((value, at) => value - reference[at]!));
    }),
  );
  context.diagnostic(
    `loss ${losses[0]!.toFixed(3)} to ${losses.at(-1)!.toFixed(3)}; largest differences: loss ${loss.toExponential(1)}, weights ${weight.toExponential(1)}`,
  );
  assert.ok(losses.at(-1)! < losses[0]! - fall);
  assert.ok(loss <= tolerances.loss, `losses differ by ${loss} (relative)`);
  assert.ok(weight <= tolerances.weight, `final weights differ by ${weight}`);
}
