/** Which colour and dash a run has, the same everywhere as long as it is ticked; draws nothing. */

/** The theme's chart colours, in the order in which runs take them. */
export const chartColors = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;
/** Dashes in CSS pixels: the second round of colours is dashed, the third dotted, the fourth both. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** How a run's curves look. */
export interface RunLook {
  /** A CSS colour. */
  readonly color: string;
  /** Lengths of the dash in CSS pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly slot: number;
}

/** Gives every ticked run a place of its own: the one that it had, else the lowest that is free. */
export function assignSlots(
  ticked: readonly string[],
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const slots: Record<string, number> = {};
  const taken = new Set<number>();
  for (const run of ticked) {
    const slot = before[run];
    if (slot === undefined || taken.has(slot)) continue;
    slots[run] = slot;
    taken.add(slot);
  }
  for (const run of ticked) {
    if (run in slots) continue;
    let slot = 0;
    while (taken.has(slot)) slot++;
    slots[run] = slot;
    taken.add(slot);
  }
  return slots;
}

/** The look of a place, with the colours of the theme. */
export function lookOf(slot: number, theme: ThemeColors): RunLook {
  const color = theme.charts[slot % chartColors.length]!;
  return { color, dash: dashes[Math.floor(slot / chartColors.length) % dashes.length]!, slot };
}

/** Colours of the theme that the canvas needs. */
export interface ThemeColors {
  /** Those of `chartColors`, in that order. */
  readonly charts: readonly string[];
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
}
