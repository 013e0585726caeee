/** What an experiment file says against the data that it names: missing files, unknown columns, nothing to learn from. */
import { missingColumn } from '../../data/columns';
import { peekSource } from '../../data/records';
import { UserError } from '../../errors';
import { isTextClassification } from '../../experiment/experimentKinds';
import type { Experiment } from '../../experiment/experimentSchema';
import { type ExperimentSource, type KeyPath, type Problem, problemOfValue } from '../../experiment/experimentSource';
import type { ForecastingExperiment } from '../../experiment/forecastingSchema';
import { openDataFile, openDataSource } from '../../files/dataSource';
import { openSeriesSource } from '../../files/seriesSource';

/** Rows that are looked at. */
const peekedRows = 20;

/** Problems with the data of an experiment, each at its key. Paths are relative to `folder`; reads the heads of the files. */
export async function checkData(source: ExperimentSource, experiment: Experiment, folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (path: KeyPath, message: string) => {
    // The same column can be missing in several files; one sentence at its key is enough.
    const problem = problemOfValue(source, path, message);
    if (!problems.some(({ offset, key }) => offset === problem.offset && key === problem.key)) problems.push(problem);
  };
  if (experiment.task === 'forecasting') {
    await explained(['data', 'train'], report, () => checkTables(experiment.data, folder, report));
    return problems;
  }
  for (const key of ['train', 'validation', 'test'] as const) {
    const name = experiment.data[key];
    if (typeof name !== 'string') continue;
    await explained(['data', key], report, async () => {
      if (isTextClassification(experiment)) await checkSource(name, folder, experiment.data, report);
      else await openSeriesSource(name, folder);
    });
  }
  const { features } = experiment;
  const vectors = 'embedding' in features ? features.embedding.vectors : undefined;
  if (vectors !== undefined) {
    await explained(['features', 'embedding', 'vectors'], report, async () => {
      await openDataFile(vectors, folder);
    });
  }
  return problems;
}

type Report = (path: KeyPath, message: string) => void;

async function checkSource(
  name: string,
  folder: string,
  columns: { readonly text: string; readonly label: string },
  report: Report,
): Promise<void> {
  const { format, columns: found, rows } = await peekSource(await openDataSource(name, folder), peekedRows);
  if (rows.length === 0) {
    throw new UserError('The file has a header row but no examples after it; add one example a row.');
  }
  if (format === 'lines') return;
  const kind = format === 'jsonl' ? 'key' : 'column';
  for (const column of ['text', 'label'] as const) {
    if (found.includes(columns[column])) continue;
    const { message } = missingColumn(columns[column], found, kind, { file: name, line: 1 });
    report(['data', column], `${name}: ${message}`);
  }
}

/** Looks for the columns of series that are forecast. */
async function checkTables({ train, time, values }: ForecastingExperiment['data'], folder: string, report: Report) {
  for (const name of [train].flat()) {
    const { columns: found } = await peekSource(await openDataSource(name, folder), peekedRows);
    const wanted = [['values', [values].flat()] as const, ['time', time === undefined ? [] : [time]] as const];
    for (const [key, columns] of wanted) {
      const missing = columns.find((column) => !found.includes(column));
      if (missing === undefined) continue;
      report(['data', key], `${name}: ${missingColumn(missing, found, 'column', { file: name, line: 1 }).message}`);
    }
  }
}

/** Reports a mistake of the user's at a key. */
async function explained(path: KeyPath, report: Report, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { line } = error.place;
    report(path, line === undefined ? error.message : `line ${line}: ${error.message}`);
  }
}
