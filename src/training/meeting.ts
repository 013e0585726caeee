/** Where threads that take a step together wait for one another, and leave numbers for all. */

/** What a thread leaves. */
export const entries = ['loss', 'squares', 'squaresAfterCut'] as const;
export type Entry = (typeof entries)[number];

const [arrived, round, failed, counters] = [0, 1, 2, 3];
/** A thread that is about to come is waited for without going to sleep, which takes longer than the rest of the step. */
const spinMilliseconds = 0.1;
/** A wait goes in sleeps, each counted once, since one long sleep is soon over where the process was stopped meanwhile. */
const sleepMilliseconds = 1000;

export class Meeting {
  private readonly counters: Int32Array;
  private readonly board: Float64Array;

  /**
   * @param memory made by `meetingMemory`
   * @param sleeps seconds after which a wait fails; Infinity for threads that another one ends
   */
  constructor(
    memory: SharedArrayBuffer,
    private readonly sleeps: number,
  ) {
    const boardOffset = Math.ceil((counters * Int32Array.BYTES_PER_ELEMENT) / 8) * 8;
    this.counters = new Int32Array(memory, 0, counters);
    this.board = new Float64Array(memory, boardOffset);
  }

  /** Leaves a number, which others may read once they have met. */
  leave(member: number, entry: Entry, value: number): void {
    this.board[member * entries.length + entries.indexOf(entry)] = value;
  }

  /** The sum of what the first members left, in their order. */
  total(members: number, entry: Entry): number {
    let sum = 0;
    for (let member = 0; member < members; member++)
      sum += this.board[member * entries.length + entries.indexOf(entry)]!;
    return sum;
  }

  /** Says that the calling thread has come; what it returns is for `wait`. */
  arrive(members: number): number {
    const current = Atomics.load(this.counters, round);
    if (Atomics.add(this.counters, arrived, 1) === members - 1) {
      Atomics.store(this.counters, arrived, 0);
      this.endRound();
    }
    return current;
  }

  /** Blocks until all have come; gives false where they have not after some milliseconds. */
  wait(current: number, milliseconds: number): boolean {
    const isOver = (): boolean => Atomics.load(this.counters, round) !== current || this.hasFailed;
    const start = performance.now();
    while (!isOver()) {
      const waited = performance.now() - start;
      if (waited >= milliseconds) return false;
      // A call that ended the round before may only come now, so that being woken says nothing by itself.
      if (waited > spinMilliseconds) Atomics.wait(this.counters, round, current, milliseconds - waited);
    }
    return true;
  }

  /**
   * Comes, and blocks until all have; gives whether nobody has failed.
   * @throws Error where one stays away
   */
  meet(members: number): boolean {
    this.finish(this.arrive(members));
    return !this.hasFailed;
  }

  /**
   * Blocks until all have come, for a thread that has.
   * @throws Error where one stays away
   */
  finish(current: number): void {
    for (let sleep = 0; sleep < this.sleeps; sleep++) if (this.wait(current, sleepMilliseconds)) return;
    throw new Error('A replica has stopped answering.');
  }

  /** Ends the meeting for good: nobody waits any longer. */
  fail(): void {
    Atomics.store(this.counters, failed, 1);
    this.endRound();
  }

  get hasFailed(): boolean {
    return Atomics.load(this.counters, failed) === 1;
  }

  private endRound(): void {
    Atomics.add(this.counters, round, 1);
    Atomics.notify(this.counters, round);
  }
}

/** Memory for a meeting of so many threads. */
export function meetingMemory(members: number): SharedArrayBuffer {
  return new SharedArrayBuffer(16 + members * entries.length * Float64Array.BYTES_PER_ELEMENT);
}
