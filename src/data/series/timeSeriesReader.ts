/** Reads `.ts` files of the UCR/UEA archive (Bagnall et al. 2018): a header of @tags, then a line a series. */
import { UserError } from '../../errors';
import { listed, sentence } from '../../sentence';
import { readLines } from '../lines';
import type { DataFile } from '../source';
import {
  type LabelledSeries,
  parseNumber,
  type SeriesPlace,
  type SeriesTable,
  type ValueBudget,
} from './labelledSeries';

interface Header {
  /** Labels that the file declares; null where it declares none. */
  labels: readonly string[] | null;
  /** Channels that the header speaks of. */
  dimensions: number | null;
  hasData: boolean;
}

/**
 * The channels of a line stand between colons, the label last; a channel's values stand between commas. Series may be of
 * different lengths, but the channels of one are equally long. Lines that begin with # or % are comments.
 * @throws UserError with file and line where the file is none, has time stamps, or has no labels
 */
export async function readTimeSeries(file: Pick<DataFile, 'name' | 'open'>, budget: ValueBudget): Promise<SeriesTable> {
  const header: Header = { labels: null, dimensions: null, hasData: false };
  const series: LabelledSeries[] = [];
  let channels: number | null = null;
  for await (const { first, lines } of readLines(file)) {
    for (const [at, text] of lines.entries()) {
      const line = text.trim();
      const place = { file: file.name, line: first + at };
      if (line === '' || line.startsWith('#') || line.startsWith('%')) continue;
      if (!header.hasData) {
        readTag(header, line, place);
        continue;
      }
      const found = readSeries(line, header, channels ?? header.dimensions, place);
      channels = found.channels;
      budget.take(found.series.values.length, place);
      series.push(found.series);
    }
  }
  if (!header.hasData) {
    throw new UserError(sentence`The file has no line @data; expected a time series file of the UCR/UEA archive.`, {
      file: file.name,
    });
  }
  if (series.length === 0) throw new UserError(sentence`The file has no series after @data.`, { file: file.name });
  return { channels: Array.from({ length: channels ?? 1 }, (_, at) => String(at + 1)), series };
}

function readTag(header: Header, line: string, place: SeriesPlace): void {
  const [tag, ...values] = line.split(/\s+/u) as [string, ...string[]];
  const first = values[0]?.toLowerCase();
  switch (tag.toLowerCase()) {
    case '@data':
      if (header.labels === null) {
        throw new UserError(
          sentence`The header has no @classLabel before @data; a classifier needs the classes.`,
          place,
        );
      }
      header.hasData = true;
      return;
    case '@classlabel':
      if (first !== 'true' || values.length < 2) {
        throw new UserError(
          sentence`The series have no classes; expected "@classLabel true" and the labels after it.`,
          place,
        );
      }
      header.labels = values.slice(1);
      return;
    case '@targetlabel':
      throw new UserError(
        sentence`The series have numbers as targets; expected classes, "@classLabel true" and labels.`,
        place,
      );
    case '@timestamps':
      if (first === 'true')
        throw new UserError(sentence`The series have time stamps; expected "@timeStamps false".`, place);
      return;
    case '@univariate':
      if (first === 'true') header.dimensions = 1;
      return;
    case '@dimensions':
    case '@dimension':
      header.dimensions = readDimensions(values[0] ?? '', place);
      return;
    default:
      if (!tag.startsWith('@')) {
        throw new UserError(
          sentence`The header of a .ts file has lines that begin with @, # or %; found something else.`,
          place,
        );
      }
  }
}

function readDimensions(text: string, place: SeriesPlace): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000) {
    throw new UserError(sentence`@dimensions has ${JSON.stringify(text)}, expected a number of channels.`, place);
  }
  return count;
}

function readSeries(
  line: string,
  { labels }: Header,
  expected: number | null,
  place: SeriesPlace,
): { series: LabelledSeries; channels: number } {
  const parts = line.split(':');
  const label = parts.pop()!.trim();
  if (parts.length === 0)
    throw new UserError(sentence`The line has no colon; expected values, a colon and the label.`, place);
  if (!labels!.includes(label)) {
    throw new UserError(
      sentence`The label ${JSON.stringify(label)} is not among those of @classLabel: ${listed(labels!.slice(0, 20))}.`,
      place,
    );
  }
  const channels = parts.length;
  if (expected !== null && channels !== expected) {
    throw new UserError(sentence`The series has ${channels} channels where ${expected} are expected.`, place);
  }
  const columns = parts.map((part) => part.split(','));
  const { length } = columns[0]!;
  const values = new Float32Array(length * channels);
  columns.forEach((column, channel) => {
    if (column.length !== length) {
      throw new UserError(
        sentence`Channel ${channel + 1} has ${column.length} values where channel 1 has ${length}; the channels of a series are equally long.`,
        place,
      );
    }
    column.forEach((text, step) => {
      if (text.trim() === '')
        throw new UserError(
          sentence`Channel ${channel + 1} has an empty value; write ? for one that is missing.`,
          place,
        );
      values[step * channels + channel] = parseNumber(text, sentence`Channel ${channel + 1}`, place);
    });
  });
  return { series: { values, length, label, place }, channels };
}
