/** What can be done with the runs of a list, and what a list says of each; pure. */
import { dirname, join } from 'node:path';
import { isVectorClassification } from '../experiment/experimentKinds';
import type { VectorClassificationExperiment } from '../experiment/vectorClassificationSchema';
import type { Metrics } from '../protocol';
import type { RunSummary } from '../runs/readRun';

/** What of a run decides on resuming it. */
export type Resumable = Pick<RunSummary, 'directory' | 'experimentName' | 'number' | 'status'>;

/** The runs that Resume goes on with: of each experiment the latest that is not finished, where nobody works on it. */
export function resumableRuns<Run extends Resumable>(runs: readonly Run[]): readonly Run[] {
  const latest = new Map<string, Run>();
  for (const run of runs) {
    if (run.status === 'finished') continue;
    const key = join(dirname(run.directory), run.experimentName);
    const known = latest.get(key);
    if (known === undefined || run.number > known.number) latest.set(key, run);
  }
  return [...latest.values()].filter(({ status }) => status !== 'running');
}

/** Path of the experiment file that a run was started from; a guess from the run's place where it left no report. */
export function experimentFileOf({ report, directory, experimentName }: RunSummary): string {
  return report?.experimentFile ?? join(dirname(dirname(dirname(directory))), `${experimentName}.rnn.json`);
}

/** The scores that speak for a run: those of the test, else those of the best epoch, else none. */
export function bestScores({ report }: Pick<RunSummary, 'report'>): Metrics | null {
  return report?.test ?? report?.best?.validation ?? null;
}

/** A network on TF-IDF vectors in two words: `TF-IDF 128-64`, or `TF-IDF linear` for logistic regression. */
export function describeVectorNetwork({ model }: Pick<VectorClassificationExperiment, 'model'>): string {
  return `TF-IDF ${model.hidden.length === 0 ? 'linear' : model.hidden.join('-')}`;
}

/** The network in two words: `2 × BiLSTM 128`. */
export function describeNetwork({ experiment }: Pick<RunSummary, 'experiment'>): string {
  if (isVectorClassification(experiment)) return describeVectorNetwork(experiment);
  const { model } = experiment;
  const { cell, hidden, layers } = model;
  const isBidirectional = 'bidirectional' in model && model.bidirectional;
  return `${layers > 1 ? `${layers} × ` : ''}${isBidirectional ? 'Bi' : ''}${cell.toUpperCase()} ${hidden}`;
}
