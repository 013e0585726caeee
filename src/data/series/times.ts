/** Times in data files, as far as they can be told; a file's own notation is otherwise kept as text. */

const week = 7 * 24 * 3600 * 1000;
/** Rows of a week where times cannot be told: one every five minutes. */
export const rowsPerWeek = 2016;

/** Milliseconds since 1970 (UTC unless the text says otherwise) of an ISO-like date, or of epoch seconds or milliseconds; null for others. */
export function parseTime(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d{9,10}(\.\d+)?$/u.test(trimmed)) return Number(trimmed) * 1000;
  if (/^\d{12,13}(\.\d+)?$/u.test(trimmed)) return Number(trimmed);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/u.exec(
    trimmed,
  );
  if (parts === null) return null;
  const [, date, minutes = '00:00', seconds = ':00', fraction = '0', zone = 'Z'] = parts;
  const time = Date.parse(`${date!}T${minutes}${seconds}.${fraction.slice(0, 3)}${zone}`);
  return Number.isNaN(time) ? null : time;
}

/** Weeks from the first to the last of times in order; by the number of rows where they cannot be told. */
export function weeksOf(times: readonly string[] | null, rows: number): number {
  const [first, last] = [times?.[0], times?.at(-1)].map((text) => (text === undefined ? null : parseTime(text)));
  if (first === null || first === undefined || last === null || last === undefined || last <= first) {
    return rows / rowsPerWeek;
  }
  return (last - first) / week;
}
