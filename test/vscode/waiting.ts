/** Waiting for what no locator can wait for. */
import { setTimeout as delay } from 'node:timers/promises';

type Condition = () => boolean | Promise<boolean>;

/** Waits until a condition holds. @throws Error that names the condition after a minute. */
export async function waitFor(condition: Condition): Promise<void> {
  if (!(await becomes(condition, 60_000))) throw new Error(`It never came to be: ${condition.toString()}`);
}

/** Whether a condition comes to hold within this time. */
export async function becomes(condition: Condition, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await delay(100);
  }
  return true;
}
