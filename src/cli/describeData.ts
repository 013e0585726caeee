/** A look at the first rows of a data file or folder, for guessing its columns. */
import type { DataSample } from './commandContext';

/** Reads the columns and first rows at `path`; throws UserError where there is no such data. */
export function describeData(path: string): Promise<DataSample> {
  return Promise.reject(new Error(`The data reader is not part of this build; it cannot read ${path}.`));
}
