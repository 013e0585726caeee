/** A run on disk as a line of the panel's table; pure. */
import type { Experiment } from '../../experiment/experimentSchema';
import { isSeriesClassification, isVectorClassification } from '../../experiment/experimentKinds';
import type { RunRow } from '../../panelMessages';
import type { Report } from '../../protocol';
import { scoresOf } from '../../scores';
import type { ModelInputs } from '../../tryItMessages';
import type { RunSummary } from '../../runs/readRun';
import { describeVectorNetwork } from '../runLists';

/** The line of a run; `words` are in the language of the editor. */
export function describeRun(run: RunSummary, words: ModelWords): RunRow {
  const { report, experiment } = run;
  const { earlyStopping, clip } = experiment.training;
  return {
    id: run.directory,
    name: run.displayName,
    task: experiment.task,
    inputs: inputsOf(experiment),
    status: run.status,
    model: [describeModel(experiment, words), ...vectorsOf(run, words)].join(' · '),
    parameters: report?.parameters ?? null,
    best: report?.best ? { epoch: report.best.epoch, scores: scoresOf(report.best.validation) } : null,
    test: report?.test ? scoresOf(report.test) : null,
    seconds: report?.seconds ?? null,
    tokensPerSecond: report !== null && report.tokensPerSecond > 0 ? report.tokensPerSecond : null,
    created: run.created.getTime(),
    message: (report === null ? undefined : words.reason(report)) ?? null,
    hasModel: run.model !== null,
    patience: earlyStopping === false ? null : earlyStopping.patience,
    stoppingMetric: earlyStopping === false ? null : earlyStopping.metric,
    clipNorm: clip.norm ?? null,
  };
}

/** What the model of an experiment takes in. */
export function inputsOf(experiment: Experiment): ModelInputs {
  return experiment.task === 'forecasting' || isSeriesClassification(experiment) ? 'numbers' : 'texts';
}

/** Words for a model that is more than its cell and size, and for the end of a run. */
export interface ModelWords {
  readonly bidirectional: string;
  readonly characters: string;
  /** Says how much of the vocabulary has pre-trained vectors. */
  readonly vectors: (share: string) => string;
  /** Why a run ended. */
  readonly reason: (report: Report) => string | undefined;
}

/** Nothing for a run without a file of vectors, or before its data has been read. */
function vectorsOf({ report }: RunSummary, words: ModelWords): string[] {
  const found = report?.data.vectorsFound ?? null;
  return found === null ? [] : [words.vectors(`${(100 * found).toFixed(1)} %`)];
}

/** The network in a few words: `LSTM 2×128 bidirectional`. */
export function describeModel(experiment: Experiment, words: ModelWords): string {
  if (isVectorClassification(experiment)) return describeVectorNetwork(experiment);
  const { model, features } = experiment;
  const activation = 'activation' in model && model.activation === 'relu' ? ' ReLU' : '';
  const size = model.layers === 1 ? String(model.hidden) : `${model.layers}×${model.hidden}`;
  const more = [
    'bidirectional' in model && model.bidirectional ? words.bidirectional : '',
    'type' in features && features.type === 'characters' ? words.characters : '',
  ];
  return [`${model.cell.toUpperCase()}${activation} ${size}`, ...more.filter(Boolean)].join(' ');
}
