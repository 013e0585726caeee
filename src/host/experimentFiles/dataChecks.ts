/** What an experiment file says against the data that it names: missing files, unknown columns, nothing to learn from. */
import { missingColumn } from '../../data/columns';
import { pairLines } from '../../data/pairedLines';
import { peekSource } from '../../data/records';
import { readTagged } from '../../data/taggedReader';
import { UserError } from '../../errors';
import { isTextClassification } from '../../experiment/experimentKinds';
import type { Experiment } from '../../experiment/experimentSchema';
import type { TaggedPaths } from '../../experiment/taggingSchema';
import { type ExperimentSource, type KeyPath, type Problem, problemOfValue } from '../../experiment/experimentSource';
import type { SeriesClassificationExperiment } from '../../experiment/seriesClassificationSchema';
import type { ForecastingExperiment } from '../../experiment/forecastingSchema';
import { openDataFile, openDataSource } from '../../files/dataSource';
import { openTextSource } from '../../files/textFiles';
import { openSeriesSource } from '../../files/seriesSource';
import { type Sentence, sentence } from '../../sentence';

/** Rows that are looked at. */
const peekedRows = 20;

/** Problems with the data of an experiment, each at its key. Paths are relative to `folder`; reads the heads of the files. */
export async function checkData(source: ExperimentSource, experiment: Experiment, folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (path: KeyPath, wording: Sentence) => {
    // The same column can be missing in several files; one sentence at its key is enough.
    const problem = problemOfValue(source, path, wording);
    if (!problems.some(({ offset, key }) => offset === problem.offset && key === problem.key)) problems.push(problem);
  };
  if (experiment.task === 'forecasting') {
    await explained(['data', 'train'], report, () => checkTables(experiment.data, folder, report));
    return problems;
  }
  for (const key of ['train', 'validation', 'test'] as const) {
    const check = (look: () => Promise<unknown>) => explained(['data', key], report, look);
    switch (experiment.task) {
      case 'tagging': {
        const { data } = experiment;
        await check(() => checkTagged(data[key], folder, data));
        break;
      }
      case 'translation': {
        const { [key]: name, source: from, target } = experiment.data;
        if (typeof name === 'string') await check(() => checkSource(name, folder, { source: from, target }, report));
        break;
      }
      case 'languageModel': {
        const name = experiment.data[key];
        if (typeof name === 'string') await check(() => openTextSource(name, folder));
        break;
      }
      case 'classification': {
        const { data } = experiment;
        const name = data[key];
        if (typeof name === 'object') await check(() => checkPair(name, folder));
        if (typeof name !== 'string') break;
        await check(async () => {
          if (isTextClassification(experiment)) {
            const { text, label } = experiment.data;
            await checkSource(name, folder, { text, label }, report);
          } else await checkSeries(name, folder, experiment.data, report);
        });
        break;
      }
    }
  }
  for (const [key, name] of tokenizersOf(experiment)) {
    await explained(['features', key], report, async () => {
      await openDataFile(name, folder);
    });
  }
  const vectors =
    'features' in experiment && 'embedding' in experiment.features && 'vectors' in experiment.features.embedding
      ? experiment.features.embedding.vectors
      : undefined;
  if (vectors !== undefined) {
    await explained(['features', 'embedding', 'vectors'], report, async () => {
      await openDataFile(vectors, folder);
    });
  }
  return problems;
}

/** The tokenizers of other makers that an experiment names, by key. */
function tokenizersOf(experiment: Experiment): (readonly [string, string])[] {
  if (experiment.task !== 'languageModel' && experiment.task !== 'translation') return [];
  const { features } = experiment;
  if (features.type !== 'tokenizer') return [];
  const target = 'target' in features ? features.target : undefined;
  return [['source', features.source], ...(target === undefined ? [] : [['target', target] as const])];
}

type Report = (path: KeyPath, wording: Sentence) => void;

async function checkSource(
  name: string,
  folder: string,
  columns: Readonly<Record<string, string>>,
  report: Report,
): Promise<void> {
  const { format, columns: found, rows } = await peekSource(await openDataSource(name, folder), peekedRows);
  if (rows.length === 0) {
    throw new UserError(sentence`The file has a header row but no examples after it; add one example a row.`);
  }
  if (format === 'lines') return;
  const kind = format === 'jsonl' ? 'key' : 'column';
  for (const [column, wanted] of Object.entries(columns)) {
    if (found.includes(wanted)) continue;
    const { wording } = missingColumn(wanted, found, kind, { file: name, line: 1 });
    report(['data', column], sentence`${name}: ${wording}`);
  }
}

/** Looks for the columns of a table of series, where it is one. */
async function checkSeries(
  name: string,
  folder: string,
  { layout, label, series, time, channels = [] }: SeriesClassificationExperiment['data'],
  report: Report,
): Promise<void> {
  const { kind } = await openSeriesSource(name, folder);
  if (kind !== 'file' || !/\.(csv|tsv)$/iu.test(name)) return;
  const { columns: found } = await peekSource(await openDataSource(name, folder), peekedRows);
  const long =
    layout === 'long'
      ? ([
          ['series', [series]],
          ['time', time === undefined ? [] : [time]],
          ['channels', channels],
        ] as const)
      : [];
  for (const [key, columns] of [['label', [label]] as const, ...long]) {
    reportMissing(['data', key], name, columns, found, report);
  }
}

/** Reports the first column that a table does not have. */
function reportMissing(
  path: KeyPath,
  name: string,
  columns: readonly string[],
  found: readonly string[],
  report: Report,
): void {
  const missing = columns.find((column) => !found.includes(column));
  if (missing === undefined) return;
  const { wording } = missingColumn(missing, found, 'column', { file: name, line: 1 });
  report(path, sentence`${name}: ${wording}`);
}

async function checkPair({ texts, labels }: { texts: string; labels: string }, folder: string): Promise<void> {
  const pairs = pairLines(await openDataFile(texts, folder), await openDataFile(labels, folder));
  for await (const { line } of pairs) if (line >= peekedRows) break;
}

async function checkTagged(
  paths: number | TaggedPaths,
  folder: string,
  { tokenColumn: token, tagColumn: tag }: { readonly tokenColumn: number; readonly tagColumn?: number | undefined },
): Promise<void> {
  if (typeof paths === 'number') return;
  const sentences = readTagged(
    typeof paths === 'string'
      ? { kind: 'columns', file: await openDataFile(paths, folder), columns: { token, tag } }
      : {
          kind: 'parallel',
          tokens: await openDataFile(paths.tokens, folder),
          tags: await openDataFile(paths.tags, folder),
        },
  );
  let read = 0;
  for await (const { tokens } of sentences) {
    read += tokens.length;
    if (read >= peekedRows) break;
  }
}

/** Looks for the columns of series that are forecast. */
async function checkTables({ train, time, values }: ForecastingExperiment['data'], folder: string, report: Report) {
  for (const name of [train].flat()) {
    const { columns: found } = await peekSource(await openDataSource(name, folder), peekedRows);
    const wanted = [['values', [values].flat()] as const, ['time', time === undefined ? [] : [time]] as const];
    for (const [key, columns] of wanted) reportMissing(['data', key], name, columns, found, report);
  }
}

/** Reports a mistake of the user's at a key. */
async function explained(path: KeyPath, report: Report, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { line } = error.place;
    report(path, line === undefined ? error.wording : sentence`line ${line}: ${error.wording}`);
  }
}
