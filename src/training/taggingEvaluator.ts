/** Scores of a tagger in training by the equations of training, and the gate that holds its exported file against them. */
import { assembleTagBatch } from '../data/tagBatches';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import type { TaggerMetadata } from '../inference/taggerMetadata';
import type { StepScores } from '../inference/viterbi';
import { buildExport, buildForward, type CrfScores, readCrf, type TaggerSpec } from '../models/tagger';
import { Session, tensor, type Tensor } from '../runtime/session';
import { paddingTensors } from './paddingTensors';
import type { NamedTensors } from './shard';

/** Largest difference of a score that passes, relative to scores beyond 1. */
const tolerance = 1e-4;

export class TaggingEvaluator {
  private constructor(
    private readonly spec: TaggerSpec,
    private readonly session: Session,
  ) {}

  static async create(spec: TaggerSpec, threads: number): Promise<TaggingEvaluator> {
    return new TaggingEvaluator(spec, await Session.create(buildForward(spec), { threads }));
  }

  /** The CRF's scores among the parameters; null for a model without one. */
  crf(parameters: NamedTensors): CrfScores | null {
    return this.spec.crf ? readCrf(this.spec.tags, (name) => parameters[name]?.data)! : null;
  }

  /** Scores of the tags for each sequence of ids, none of them empty. */
  async emissions(sequences: readonly Int32Array[], parameters: NamedTensors): Promise<StepScores[]> {
    const { tags } = this.spec;
    const numbered = sequences.map((ids) => ({ ids, tags: new Int32Array(ids.length) }));
    const { time, size, ids, lengths } = assembleTagBatch(numbered, tags);
    const feeds: Record<string, Tensor> = {
      ...parameters,
      ids: tensor('int32', [time, size], ids),
      ...paddingTensors(time, size, lengths),
    };
    const used = Object.fromEntries(this.session.inputNames.map((name) => [name, feeds[name]!]));
    const { data } = (await this.session.run(used))['emissions'] as Tensor<'float32'>;
    return sequences.map(({ length: steps }, row) => ({
      scores: data.slice(row * time * tags, (row * time + steps) * tags),
      tags,
      steps,
    }));
  }

  /**
   * The bytes of `model.onnx`.
   * @param sequences ids of sentences to compare the file with training on
   * @throws Error where they disagree by more than 1e-4 on a padded batch, single sequences or a sequence of length 1
   */
  async export(
    metadata: Omit<TaggerMetadata, 'version'>,
    parameters: NamedTensors,
    sequences: readonly Int32Array[],
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const arrays = new Map(Object.entries(parameters).map(([name, { data }]) => [name, data]));
    const bytes = buildExport(this.spec, arrays, encodeMetadata(metadata));
    const exported = ofTask(await loadModel(bytes, 'model.onnx', 1), 'tagging', 'model.onnx');
    try {
      const single = sequences.slice(0, 4).map((sequence) => [sequence]);
      const shortest = [[sequences[0]!.slice(0, 1)]];
      for (const batch of [sequences, ...single, ...shortest]) {
        signal?.throwIfAborted();
        compare(batch, await this.emissions(batch, parameters), await exported.emissions(batch));
      }
      const [own, read] = [this.crf(parameters), exported.crf];
      for (const name of ['transitions', 'start', 'end'] as const) {
        if (own?.[name].some((value, at) => value !== read?.[name][at]) === true) {
          throw new Error(`The exported model's CRF has other scores than the trained one; nothing was exported.`);
        }
      }
    } finally {
      await exported.dispose();
    }
    return bytes;
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

function compare(
  sequences: readonly Int32Array[],
  expected: readonly StepScores[],
  found: readonly StepScores[],
): void {
  sequences.forEach(({ length }, row) => {
    const [own, read] = [expected[row]!.scores, found[row]!.scores];
    for (let at = 0; at < own.length; at++) {
      const difference = Math.abs(own[at]! - read[at]!);
      if (!(difference <= tolerance * Math.max(1, Math.abs(own[at]!)))) {
        throw new Error(
          `The exported model disagrees with the trained one: a tag's score differs by ${difference} on a sequence of ${length} tokens; nothing was exported.`,
        );
      }
    }
  });
}
