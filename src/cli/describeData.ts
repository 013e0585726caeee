/** A look at the first rows of a data file or folder, for guessing its columns. */
import { peekSource } from '../data/records';
import { openDataSource } from '../files/dataSource';
import type { DataSample } from './commandContext';

/** Rows that a guess looks at. */
const sampleRows = 1000;

/** Reads the columns and first rows at `path`; throws UserError where there is no such data. */
export async function describeData(path: string): Promise<DataSample> {
  return peekSource(await openDataSource(path), sampleRows);
}
