/** A classifier of number series from the bytes of a model file alone: series as measured in, classes out. */
import type { LabelledSource } from '../data/series/readSeries';
import { readLabelledSeries } from '../data/series/readSeries';
import { SeriesDataset } from '../data/series/seriesDataset';
import { planEvaluationBatches } from '../data/batches';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { exportedNames, readExportedParameters } from '../models/seriesClassifier';
import type { ClassificationMetrics, SeriesPrediction } from '../protocol';
import type { Session } from '../runtime/session';
import { tensor, type Tensor } from '../runtime/session';
import { ClassificationScorer } from './classificationMetrics';
import { type ModelFile, openSession } from './modelFile';
import type { SeriesClassifierMetadata } from './seriesClassifierMetadata';

/** Padded steps of a batch. */
const stepBudget = 16_384;

/** A series as measured. */
interface Series {
  /** `[length, channels]` */
  readonly values: Float32Array;
  readonly length: number;
}

export class SeriesClassifier {
  readonly task = 'classification';

  private constructor(
    readonly metadata: SeriesClassifierMetadata,
    private readonly session: Session,
  ) {}

  /** @throws UserError naming `file` where the weights do not fit the description */
  static async create(file: ModelFile, metadata: SeriesClassifierMetadata): Promise<SeriesClassifier> {
    return new SeriesClassifier(
      metadata,
      await openSession(file, (find) => readExportedParameters(metadata.model, find)),
    );
  }

  /** Reads series as the training read them; UserError where they have other channels than the model. */
  async read(source: LabelledSource, name: string): Promise<SeriesDataset> {
    const { labels, scaling, channels, reading } = this.metadata;
    const found = await readLabelledSeries(source, reading.table);
    if (found.channels.length !== channels.length) {
      throw new UserError(
        sentence`The series have ${found.channels.length} channels where the model has ${channels.length}.`,
        {
          file: name,
        },
      );
    }
    return SeriesDataset.forEvaluation(found, { classes: labels, scaling }, reading);
  }

  /** Classes of all series, in their order; `signal` is looked at between batches. */
  async predict(data: SeriesDataset, signal?: AbortSignal): Promise<SeriesPrediction[]> {
    const predictions: SeriesPrediction[] = [];
    for (const batch of planEvaluationBatches(data.lengths, data.parts.test, { tokenBudget: stepBudget })) {
      signal?.throwIfAborted();
      const rows = await this.probabilities(Array.from(batch, (example) => data.series[example]!));
      batch.forEach((example, at) => {
        const { place, label: truth, length } = data.series[example]!;
        const classes = this.metadata.labels
          .map((label, index) => ({ label, probability: rows[at]![index]! }))
          .sort((a, b) => b.probability - a.probability);
        predictions[example] = { ...place, length, truth, ...classes[0]!, classes };
      });
    }
    return predictions;
  }

  /** Scores on labelled series. */
  async evaluate(
    data: SeriesDataset,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ClassificationMetrics> {
    const scorer = new ClassificationScorer(this.metadata.labels, this.metadata.classWeights);
    let done = 0;
    for (const batch of planEvaluationBatches(data.lengths, data.parts.test, { tokenBudget: stepBudget })) {
      signal.throwIfAborted();
      const rows = await this.probabilities(Array.from(batch, (example) => data.series[example]!));
      scorer.add(
        Float32Array.from(rows.flatMap((row) => Array.from(row, Math.log))),
        batch.map((example) => data.labels[example]!),
      );
      done += batch.length;
      onProgress(done / data.parts.test.length);
    }
    return scorer.metrics();
  }

  /** Probabilities of the classes for each series, `[series][classes]`; every series has at least one step. */
  async probabilities(series: readonly Series[]): Promise<Float32Array[]> {
    const { channels, classes } = this.metadata.model;
    const time = Math.max(...series.map(({ length }) => length));
    const input = new Float32Array(series.length * time * channels);
    series.forEach(({ values }, row) => {
      input.set(values, row * time * channels);
    });
    const lengths = Int32Array.from(series, ({ length }) => length);
    const results = await this.session.run({
      [exportedNames.series]: tensor('float32', [series.length, time, channels], input),
      [exportedNames.lengths]: tensor('int32', [series.length], lengths),
    });
    const { data } = results[exportedNames.probabilities] as Tensor<'float32'>;
    return series.map((_, row) => data.slice(row * classes, (row + 1) * classes));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
