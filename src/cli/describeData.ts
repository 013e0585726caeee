/** A first look at a data file or folder, for guessing what can be learned from it. */
import { type DataLook, lookAtData } from '../data/dataLook';
import { openDataSource } from '../files/dataSource';
import { openSeriesSource } from '../files/seriesSource';
import { openTextSource } from '../files/textFiles';

/** Rows that a guess looks at. */
const sampleRows = 1000;

/** Looks at `path`; throws UserError where there is no such data. */
export async function describeData(path: string): Promise<DataLook> {
  return lookAtData(path, sampleRows, {
    source: (name) => openDataSource(name),
    text: (name) => openTextSource(name),
    series: (name) => openSeriesSource(name),
  });
}
