/** The learning rate over the steps of a run. */
import type { ScheduleOptions } from '../experiment/trainingSchema';

/** What a schedule remembers between epochs; plain data that a checkpoint holds. */
export interface ScheduleState {
  /** Factor that plateaus have brought. */
  scale: number;
  /** Lowest validation loss so far; null before the first. */
  lowest: number | null;
  /** Epochs since then. */
  waited: number;
}

export function initialScheduleState(): ScheduleState {
  return { scale: 1, lowest: null, waited: 0 };
}

/**
 * The learning rate of a step.
 * @param step number of the step, from 1
 * @param steps steps planned in all
 */
export function learningRateAt(
  schedule: ScheduleOptions,
  base: number,
  step: number,
  steps: number,
  state: ScheduleState,
): number {
  switch (schedule.type) {
    case 'constant':
      return base;
    case 'cosine': {
      const warmup = schedule.warmup < 1 ? Math.round(schedule.warmup * steps) : schedule.warmup;
      if (step <= warmup) return (base * step) / warmup;
      const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
      return (base * (1 + Math.cos(Math.PI * progress))) / 2;
    }
    case 'plateau':
      return Math.max(schedule.minimum, base * state.scale);
  }
}

/** Takes note of an epoch's validation loss; a plateau lowers the rate of the steps that follow. */
export function endEpoch(schedule: ScheduleOptions, state: ScheduleState, validationLoss: number): ScheduleState {
  if (state.lowest === null || validationLoss < state.lowest) return { ...state, lowest: validationLoss, waited: 0 };
  const waited = state.waited + 1;
  if (schedule.type !== 'plateau' || waited <= schedule.patience) return { ...state, waited };
  return { ...state, scale: state.scale * schedule.factor, waited: 0 };
}
