/** Finding the wanted columns among those that a file has; knows no file format. */
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors';

/** At most this many names are listed in a message. */
const listed = 20;

/** Names for a message: quoted, the first twenty. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, listed).map((name) => `"${name}"`);
  return shown.join(', ') + (names.length > listed ? ` and ${names.length - listed} more` : '');
}

/** The name nearest to what was asked for, where it is near enough to be a slip of the hand. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const best = closest(
    wanted.toLowerCase(),
    names.map((name) => name.toLowerCase()),
  );
  const found = names.find((name) => name.toLowerCase() === best)!;
  return distance(wanted.toLowerCase(), best) <= Math.max(2, Math.floor(wanted.length / 3)) ? found : null;
}

/** The error for a column (or key) that is not there: lists those that are, and suggests the nearest. */
export function missingColumn(
  wanted: string,
  names: readonly string[],
  kind: 'column' | 'key',
  place: { readonly file: string; readonly line: number },
): UserError {
  const nearest = nearestName(wanted, names);
  const hint = nearest === null ? '' : `; did you mean "${nearest}"?`;
  return new UserError(
    `There is no ${kind} "${wanted}"; the ${kind}s are ${listNames(names)}${hint === '' ? '.' : hint}`,
    place,
  );
}

/** Positions of the wanted columns in a header row; UserError for a column that is missing or stands there twice. */
export function locateColumns(
  header: readonly string[],
  wanted: readonly string[],
  place: { readonly file: string; readonly line: number },
): number[] {
  return wanted.map((name) => {
    const index = header.indexOf(name);
    if (index < 0) throw missingColumn(name, header, 'column', place);
    if (header.includes(name, index + 1)) {
      throw new UserError(`The header names the column "${name}" twice; give its columns different names.`, place);
    }
    return index;
  });
}
