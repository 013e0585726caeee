/** Which documents are experiment files, and what is known of the runs of one. */
import { basename, dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';

/** Selects experiment files, whatever language an editor takes them for. */
export const experimentFiles: vscode.DocumentSelector = { pattern: '**/*.rnn.json' };

export function isExperimentFile({ uri }: vscode.TextDocument): boolean {
  return uri.path.endsWith('.rnn.json');
}

/** The runs of an experiment file among all runs, in their order: those that it started, and those of its name beside it. */
export function runsOf(runs: readonly RunSummary[], { uri }: vscode.TextDocument): readonly RunSummary[] {
  const name = basename(uri.fsPath).replace(/\.rnn\.json$/i, '');
  const beside = join(dirname(uri.fsPath), '.sequence-lab', 'runs');
  return runs.filter(
    (run) =>
      run.report?.experimentFile === uri.fsPath || (run.experimentName === name && dirname(run.directory) === beside),
  );
}
