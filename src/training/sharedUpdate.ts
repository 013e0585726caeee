/** What every thread of a step does once its gradients are there: its share of the sum and of the update. */
import type { Meeting } from './meeting';
import type { ParameterUpdate } from './updatePlan';
import type { Share, StepSettings, Updater } from './updater';

/** The step's numbers, the same for every thread. */
export interface UpdateResult {
  /** Loss of the batch. */
  readonly loss: number;
  /** Global L2 norm of the gradients before clipping. */
  readonly norm: number;
  /** Whether the weights were changed, which they are where loss and norm are finite. */
  readonly isUpdated: boolean;
}

/**
 * Call it when all threads have left their losses and met; blocks until all have done their shares.
 * @param buffer the kernels' memory as it is now
 * @returns null where a thread has failed
 */
export function updateTogether(
  meeting: Meeting,
  updater: Updater,
  plan: readonly ParameterUpdate[],
  share: Share,
  settings: StepSettings,
  buffer: ArrayBufferLike,
): UpdateResult | null {
  const { index, count } = share;
  if (meeting.hasFailed) return null;
  const loss = meeting.total(count, 'loss');
  const { before, after } = updater.sum(plan, share, buffer);
  meeting.leave(index, 'squares', before);
  meeting.leave(index, 'squaresAfterCut', after);
  if (!meeting.meet(count)) return null;
  const norm = Math.sqrt(meeting.total(count, 'squares'));
  const isUpdated = Number.isFinite(loss) && Number.isFinite(norm);
  if (isUpdated) updater.update(plan, share, settings, Math.sqrt(meeting.total(count, 'squaresAfterCut')));
  return meeting.meet(count) ? { loss, norm, isUpdated } : null;
}
