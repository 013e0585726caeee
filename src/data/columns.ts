/** Finding the wanted columns among those that a file has; knows no file format. */
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors';
import { listed, sentence, type SentenceValue } from '../sentence';

/** At most this many names are listed in a message. */
const most = 20;

/** Names for a message: quoted, the first twenty. */
export function listNames(names: readonly string[]): SentenceValue {
  const shown = listed(names.slice(0, most).map((name) => `"${name}"`));
  return names.length > most ? sentence`${shown} and ${names.length - most} more` : shown;
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
  const list = listNames(names);
  if (nearest === null) {
    return new UserError(
      kind === 'column'
        ? sentence`There is no column "${wanted}"; the columns are ${list}.`
        : sentence`There is no key "${wanted}"; the keys are ${list}.`,
      place,
    );
  }
  return new UserError(
    kind === 'column'
      ? sentence`There is no column "${wanted}"; the columns are ${list}; did you mean "${nearest}"?`
      : sentence`There is no key "${wanted}"; the keys are ${list}; did you mean "${nearest}"?`,
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
      throw new UserError(
        sentence`The header names the column "${name}" twice; give its columns different names.`,
        place,
      );
    }
    return index;
  });
}
