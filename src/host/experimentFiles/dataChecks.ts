/** What an experiment file says against the data that it names: missing files, unknown columns, nothing to learn from. */
import { missingColumn } from '../../data/columns';
import { peekSource } from '../../data/records';
import { UserError } from '../../errors';
import type { Experiment } from '../../experiment/experimentSchema';
import { type ExperimentSource, type KeyPath, type Problem, problemOfValue } from '../../experiment/experimentSource';
import { openDataFile, openDataSource } from '../../files/dataSource';

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
  const check = async (look: (name: string) => Promise<unknown>): Promise<void> => {
    for (const key of ['train', 'validation', 'test'] as const) {
      const name = experiment.data[key];
      if (typeof name === 'string') await explained(['data', key], report, () => look(name));
    }
  };
  if (experiment.task === 'translation') {
    const { source: from, target } = experiment.data;
    await check((name) => checkSource(name, folder, { source: from, target }, report));
    return problems;
  }
  const { data, features } = experiment;
  await check((name) => checkSource(name, folder, { text: data.text, label: data.label }, report));
  const { vectors } = features.embedding;
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
  columns: Readonly<Record<string, string>>,
  report: Report,
): Promise<void> {
  const { format, columns: found, rows } = await peekSource(await openDataSource(name, folder), peekedRows);
  if (rows.length === 0) {
    throw new UserError('The file has a header row but no examples after it; add one example a row.');
  }
  if (format === 'lines') return;
  const kind = format === 'jsonl' ? 'key' : 'column';
  for (const [column, wanted] of Object.entries(columns)) {
    if (found.includes(wanted)) continue;
    const { message } = missingColumn(wanted, found, kind, { file: name, line: 1 });
    report(['data', column], `${name}: ${message}`);
  }
}

/** Reports a mistake of the user's at a key. */
async function explained(path: KeyPath, report: Report, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { line } = error.place;
    report(path, line === undefined ? error.message : `line ${line}: ${error.message}`);
  }
}
