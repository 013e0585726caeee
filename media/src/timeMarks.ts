/** Where the axis of a series is labelled, by its column of times: at the beginnings of days, hours and the like; pure. */

/** What begins at a row, from the finest to the coarsest; how many characters of the time tell it from the one before. */
const units = [
  { length: 16, every: [5, 10, 15, 30] },
  { length: 13, every: [1, 2, 3, 6, 12] },
  { length: 10, every: [1, 2, 5, 10] },
  { length: 7, every: [1, 3, 6] },
  { length: 4, every: [1, 2, 5, 10, 20, 50] },
] as const;

const pattern = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}.*)?)?$/;

/** The beginnings in a column of times. */
export class TimeMarks {
  /** By row, the coarsest unit that begins there, from 1; 0 where none does. */
  private readonly begins: Uint8Array;

  /** @param times as the file has them, a row each; `readable` must have said yes to them */
  constructor(private readonly times: readonly string[]) {
    this.begins = Uint8Array.from(times, (time, row) => {
      const before = row === 0 ? time : times[row - 1]!;
      return units.findLastIndex(({ length }) => time.slice(0, length) !== before.slice(0, length)) + 1;
    });
  }

  /** Whether times are dates of ISO 8601, at least as far as the first and last tell. */
  static readable(times: readonly string[]): boolean {
    return times.length > 0 && [times[0]!, times.at(-1)!].every((time) => pattern.test(time));
  }

  /** Rows between two others at which something begins: the finest that are at most `most`. */
  marks(from: number, to: number, most: number): number[] {
    const [first, last] = [Math.max(0, Math.ceil(from)), Math.min(this.times.length - 1, Math.floor(to))];
    let found: number[] = [];
    for (const [unit, { every }] of units.entries()) {
      const rows: number[] = [];
      for (let row = first; row <= last; row++) if (this.begins[row]! > unit) rows.push(row);
      for (const step of every) {
        found = rows.filter((row) => this.isMultiple(row, unit, step));
        if (found.length > 0 && found.length <= most) return found;
      }
    }
    return found.slice(0, Math.max(1, Math.floor(most)));
  }

  /** What begins at a row: `06:00`, `01-16`, `2024-02`, `2024`. */
  label(row: number): string {
    const time = this.times[row] ?? '';
    const unit = this.begins[row] ?? 0;
    if (unit === 0) return time.slice(0, 16);
    if (unit <= 2) return time.slice(11, 16);
    return unit === 3 ? time.slice(5, 10) : time.slice(0, units[unit - 1]!.length);
  }

  /** Whether the beginning is one of every so many of its unit, as 6 of 0, 6, 12 and 18 o'clock; coarser ones always are. */
  private isMultiple(row: number, unit: number, every: number): boolean {
    if (every === 1 || this.begins[row]! > unit + 1) return true;
    const time = this.times[row]!;
    const count = Number(time.slice(Math.max(0, units[unit]!.length - 2), units[unit]!.length));
    // Days and months are counted from 1.
    return unit === 2
      ? (count - 1) % every === 0 && count < 31
      : unit === 3
        ? (count - 1) % every === 0
        : count % every === 0;
  }
}
