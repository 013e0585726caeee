/** From an opened source to labelled series, whatever its format. */
import { UserError } from '../../errors';
import { sentence } from '../../sentence';
import { fileName, type DataFile } from '../source';
import { type Frames, readFrameRows, readNpy } from './frameReaders';
import { type LabelledSeries, type SeriesTable, ValueBudget } from './labelledSeries';
import { type LongColumns, readLong, readWide } from './tableReaders';
import { readTimeSeries } from './timeSeriesReader';

/** A file of many series, or files of one series each with their labels. */
export type LabelledSource =
  | { readonly kind: 'file'; readonly file: DataFile }
  | {
      readonly kind: 'classes';
      readonly examples: readonly { readonly label: string; readonly file: DataFile }[];
    };

/** How a table is laid out; other formats say it themselves. */
export type TableLayout =
  { readonly layout: 'wide'; readonly label: string } | ({ readonly layout: 'long' } & LongColumns);

/** @throws UserError where the source cannot be understood */
export async function readLabelledSeries(source: LabelledSource, table: TableLayout): Promise<SeriesTable> {
  const budget = new ValueBudget();
  if (source.kind === 'classes') return readExamples(source.examples, budget);
  const { file } = source;
  const extension = extensionOf(file.name);
  switch (extension) {
    case 'ts':
      return readTimeSeries(file, budget);
    case 'csv':
    case 'tsv':
      return table.layout === 'wide'
        ? readWide(file, extension, table.label, budget)
        : readLong(file, extension, table, budget);
    default:
      throw new UserError(
        sentence`Number series are read from .ts, .csv and .tsv files, or from a folder with a folder of .npy or .csv files for each class.`,
        { file: file.name },
      );
  }
}

async function readExamples(
  examples: readonly { readonly label: string; readonly file: DataFile }[],
  budget: ValueBudget,
): Promise<SeriesTable> {
  const series: LabelledSeries[] = [];
  let features: number | null = null;
  for (const { label, file } of examples) {
    const frames: Frames =
      extensionOf(file.name) === 'npy' ? await readNpy(file, budget) : await readFrameRows(file, budget);
    features ??= frames.features;
    if (frames.features !== features) {
      throw new UserError(
        sentence`The frames have ${frames.features} features where those of other examples have ${features}.`,
        {
          file: file.name,
        },
      );
    }
    series.push({ values: frames.values, length: frames.frames, label, place: { file: file.name } });
  }
  return { channels: Array.from({ length: features ?? 0 }, (_, at) => String(at + 1)), series };
}

function extensionOf(path: string): string {
  const name = fileName(path);
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
