/** Scores the weights of a model in training on a part of the data, by the equations of training. */
import { assembleBatch, type Batch, type ExampleSource, planEvaluationBatches } from '../data/batches';
import { buildForward, type TextClassifierSpec } from '../models/textClassifier';
import type { ClassificationMetrics } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import { ClassificationScorer } from '../inference/classificationMetrics';
import { paddingTensors } from './paddingTensors';
import type { NamedTensors } from './shard';
import type { Watch } from './task';

/** Padded tokens of an evaluation batch. */
const tokenBudget = 8192;

export class Evaluator {
  private constructor(
    private readonly session: Session,
    private readonly classes: readonly string[],
    private readonly classWeights: readonly number[] | null,
  ) {}

  static async create(
    spec: TextClassifierSpec,
    classes: readonly string[],
    classWeights: readonly number[] | null,
    threads: number,
  ): Promise<Evaluator> {
    return new Evaluator(await Session.create(buildForward(spec), { threads }), classes, classWeights);
  }

  /** Log-probabilities `[batch, classes]` of a batch. */
  async logProbabilities(
    { time, size, ids, lengths }: Pick<Batch, 'time' | 'size' | 'ids' | 'lengths'>,
    parameters: NamedTensors,
  ): Promise<Float32Array> {
    const feeds = { ...parameters, ids: tensor('int32', [time, size], ids), ...paddingTensors(time, size, lengths) };
    const results = await this.session.run(feeds);
    return (results['logProbabilities'] as Tensor<'float32'>).data;
  }

  /**
   * Scores on the given examples. `onProgress` takes the share done, 0…1.
   * @throws the signal's reason when it aborts
   */
  async evaluate(
    source: ExampleSource,
    examples: Int32Array,
    parameters: NamedTensors,
    { signal, onProgress }: Watch = {},
  ): Promise<ClassificationMetrics> {
    const scorer = new ClassificationScorer(this.classes, this.classWeights);
    let done = 0;
    for (const batch of planEvaluationBatches(source.lengths, examples, { tokenBudget })) {
      signal?.throwIfAborted();
      const assembled = assembleBatch(source, batch);
      scorer.add(await this.logProbabilities(assembled, parameters), assembled.labels);
      done += batch.length;
      onProgress?.(done / examples.length);
    }
    return scorer.metrics();
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
