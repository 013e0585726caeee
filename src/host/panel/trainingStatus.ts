/** How the active training stands, for the panel's header; pure. */
import type { TrainingStatus } from '../../panelMessages';
import type { ActiveTraining } from '../contracts';

/** @param name of the experiment, until there is a run */
export function trainingStatus(training: ActiveTraining, name: string): TrainingStatus {
  const { run, last, isStopping } = training;
  const { phase, step, run: begun } = last;
  return {
    run: run?.directory ?? null,
    name: run?.name ?? name,
    phase: phase?.phase ?? 'reading',
    fraction: phase?.fraction ?? null,
    epoch: step?.epoch ?? null,
    epochs: begun?.epochs ?? null,
    step: step?.step ?? null,
    steps: step?.steps ?? null,
    tokensPerSecond: step?.tokensPerSecond ?? null,
    // While it does something else, the training's own estimate stands still.
    secondsLeft: phase?.phase === 'training' ? (step?.secondsLeft ?? null) : null,
    isStopping,
  };
}
