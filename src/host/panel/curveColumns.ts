/** Training records as the columns that the panel draws; pure. */
import type { EpochPoint, StepColumns } from '../../panelMessages';
import type { EpochMetrics, StepMetrics } from '../../protocol';
import { scoresOf } from '../../scores';

/** A step with the speed that was measured at it; NaN where nobody measured. */
export type TimedStep = StepMetrics & { readonly tokensPerSecond: number };

/** One column for each value. */
export function stepColumns(steps: readonly TimedStep[]): StepColumns {
  const column = (name: keyof StepColumns) => Float64Array.from(steps, (step) => step[name]);
  return {
    step: column('step'),
    epoch: column('epoch'),
    loss: column('loss'),
    gradientNorm: column('gradientNorm'),
    learningRate: column('learningRate'),
    tokensPerSecond: column('tokensPerSecond'),
  };
}

/** The end of an epoch as a point. */
export function epochPoint({ epoch, steps, validation, best }: EpochMetrics): EpochPoint {
  return { epoch, steps, scores: scoresOf(validation), best };
}
