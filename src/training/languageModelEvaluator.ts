/** Scores the weights of a language model in training on a text, by the equations of training. */
import type { TextPart } from '../data/textCorpus';
import { languageModelMetrics, planScoring } from '../inference/languageModelMetrics';
import { buildForward, forwardNames, type LanguageModelSpec, nextStateName, stateNames } from '../models/languageModel';
import type { LanguageModelMetrics } from '../protocol';
import { Session, tensor, type Tensor } from '../runtime/session';
import type { NamedTensors } from './shard';
import type { Watch } from './task';

export class LanguageModelEvaluator {
  private constructor(
    private readonly session: Session,
    readonly spec: LanguageModelSpec,
  ) {}

  static async create(spec: LanguageModelSpec, threads: number): Promise<LanguageModelEvaluator> {
    return new LanguageModelEvaluator(await Session.create(buildForward(spec), { threads }), spec);
  }

  /**
   * Scores every token of a part but its first, with the states carried over the whole of each stream. `onProgress` takes
   * the share done, 0…1.
   * @throws the signal's reason when it aborts
   */
  async evaluate(
    part: TextPart,
    parameters: NamedTensors,
    { signal, onProgress }: Watch = {},
  ): Promise<LanguageModelMetrics> {
    const { streams, all, window } = planScoring(part, this.spec.vocabulary);
    const wanted = [forwardNames.nats, ...stateNames(this.spec).map(nextStateName)];
    let states = zeroStates(this.spec, streams.count);
    let sum = 0;
    let count = 0;
    for (let from = 0; from < streams.longest; from += window) {
      signal?.throwIfAborted();
      const { time, ids, targets } = streams.window(from, Math.min(streams.longest, from + window), all);
      const dims = [time, streams.count];
      const results = await this.session.run(
        {
          ...parameters,
          ...states,
          ids: tensor('int32', dims, ids),
          targets: tensor(
            'int32',
            dims,
            targets.map((target) => Math.max(0, target)),
          ),
        },
        wanted,
      );
      const nats = results[forwardNames.nats]!.data as Float32Array;
      targets.forEach((target, at) => {
        if (target < 0) return;
        sum += nats[at]!;
        count += 1;
      });
      states = nextStates(this.spec, results);
      onProgress?.(Math.min(1, (from + time) / streams.longest));
    }
    return languageModelMetrics(sum / count, part);
  }

  /**
   * Log-probabilities `[time, batch, vocabulary]` of the tokens after `ids` `[time, batch]`, and the states after them.
   * @param states those of a run before; zeros without
   */
  async logProbabilities(
    ids: Int32Array,
    batch: number,
    parameters: NamedTensors,
    states: NamedTensors = zeroStates(this.spec, batch),
  ): Promise<{ logProbabilities: Float32Array; states: NamedTensors }> {
    const dims = [ids.length / batch, batch];
    const targets = tensor('int32', dims, new Int32Array(ids.length));
    const results = await this.session.run({ ...parameters, ...states, ids: tensor('int32', dims, ids), targets });
    return {
      logProbabilities: results[forwardNames.logProbabilities]!.data as Float32Array,
      states: nextStates(this.spec, results),
    };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

/** States at a text's start, `[layers, hidden, streams]`. */
export function zeroStates(spec: LanguageModelSpec, streams: number): NamedTensors {
  const dims = [spec.layers, spec.hidden, streams];
  const size = spec.layers * spec.hidden * streams;
  return Object.fromEntries(stateNames(spec).map((name) => [name, tensor('float32', dims, new Float32Array(size))]));
}

/** What a run's graph hands out as the states to go on from. */
export function nextStates(spec: LanguageModelSpec, outputs: Readonly<Record<string, Tensor>>): NamedTensors {
  return Object.fromEntries(stateNames(spec).map((name) => [name, outputs[nextStateName(name)] as Tensor<'float32'>]));
}
