/** Which documents are experiment files, and what is known of the runs of one. */
import { dirname } from 'node:path';
import type * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';

/** Selects experiment files, whatever language an editor takes them for. */
export const experimentFiles: vscode.DocumentSelector = { pattern: '**/*.rnn.json' };

export function isExperimentFile({ uri }: vscode.TextDocument): boolean {
  return uri.path.endsWith('.rnn.json');
}

/** The runs of an experiment file among all runs, in their order. */
export function runsOf(runs: readonly RunSummary[], { uri }: vscode.TextDocument): readonly RunSummary[] {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.rnn\.json$/i, '');
  const folder = dirname(uri.fsPath);
  return runs.filter((run) =>
    // A run that was cut off before its first report is told by its name and its place beside the file.
    run.report === null
      ? run.experimentName === name && run.directory.startsWith(folder)
      : run.report.experimentFile === uri.fsPath,
  );
}
