/**
 * The loop of training: forward, error, back-propagation, update, again and again until an epoch brings no more. Knows
 * neither files nor messages: it is given what takes its metrics and its checkpoints.
 */
import type { TrainingOptions } from '../experiment/trainingSchema';
import type { EpochMetrics, StepMetrics } from '../protocol';
import { type Sentence, sentence } from '../sentence';
import type { Position } from './checkpoint';
import { isBetter, isPatienceOver } from './earlyStopping';
import { MovingRate } from './rate';
import { endEpoch, learningRateAt } from './schedule';
import type { TrainingTask } from './task';
import { NotFiniteError, type Trainer } from './trainer';
import { namedTensors } from './weights';

/** What follows the loop's work. */
export interface LoopListener {
  onStep(metrics: StepMetrics, tokensPerSecond: number, secondsLeft: number | null): void;
  onEpoch(metrics: EpochMetrics): void;
  onEvaluating(fraction: number): void;
  /** Keeps the state; called between two steps. */
  checkpoint(position: Position): Promise<void>;
}

export type LoopEnd =
  { readonly status: 'finished' | 'stopped' } | { readonly status: 'failed'; readonly wording: Sentence };

/** The validation's loss is no finite number. */
class DivergedError extends Error {
  constructor(readonly loss: number) {
    super(`the validation's loss is ${loss}`);
  }
}

export class TrainingLoop {
  /** Parameters of the best epoch. */
  bestParameters: Map<string, Float32Array> | null = null;
  private lastCheckpoint = performance.now();
  private readonly stepsPerEpochPlanned: number;

  constructor(
    private readonly options: TrainingOptions,
    private readonly task: TrainingTask,
    private readonly trainer: Trainer,
    readonly position: Position,
    private readonly listener: LoopListener,
  ) {
    this.stepsPerEpochPlanned = task.plan(1).steps;
  }

  get stepsPerEpoch(): number {
    return this.stepsPerEpochPlanned;
  }

  /** Steps planned in all; with a token budget an estimate. */
  get steps(): number {
    return this.stepsPerEpoch * this.options.epochs;
  }

  /** Trains from the position on. When the signal aborts, a checkpoint is kept and the end is `stopped`. */
  async run(signal: AbortSignal): Promise<LoopEnd> {
    const { position, options } = this;
    try {
      while (
        position.epoch <= options.epochs &&
        !isPatienceOver(options.earlyStopping, position.epoch - 1, position.best)
      ) {
        await this.trainEpoch(signal);
        await this.endEpoch(signal);
      }
      // A kill during the test or the export does not lose the last epoch.
      await this.checkpoint();
      return { status: 'finished' };
    } catch (error) {
      if (signal.aborted && error === signal.reason) {
        await this.checkpoint();
        return { status: 'stopped' };
      }
      if (error instanceof NotFiniteError) return { status: 'failed', wording: this.explain(error) };
      if (error instanceof DivergedError) return { status: 'failed', wording: this.explainDivergence(error) };
      throw error;
    }
  }

  private async trainEpoch(signal: AbortSignal): Promise<void> {
    const { position, options, listener, trainer } = this;
    const plan = this.task.plan(position.epoch);
    const [tokenRate, stepRate] = [new MovingRate(), new MovingRate()];
    let busy = 0;
    while (position.batch < plan.steps) {
      signal.throwIfAborted();
      const step = position.step + 1;
      const learningRate = learningRateAt(options.schedule, options.learningRate, step, this.steps, position.schedule);
      const start = performance.now();
      const shards = plan.shards(position.batch, trainer.replicas);
      const result = await trainer.step(shards, step, learningRate);
      plan.take?.(position.batch, result.outputs);
      const seconds = (performance.now() - start) / 1000;
      position.step = step;
      position.batch++;
      position.epochLoss += result.loss;
      position.tokens += result.tokens;
      position.trainingSeconds += seconds;
      busy += seconds;
      tokenRate.mark(busy, position.tokens);
      stepRate.mark(busy, position.step);
      const left = Math.max(0, this.steps - position.step);
      listener.onStep(
        {
          step,
          epoch: position.epoch,
          loss: result.loss,
          gradientNorm: result.gradientNorm,
          learningRate,
          tokens: result.tokens,
        },
        tokenRate.perSecond ?? result.tokens / seconds,
        stepRate.perSecond === null ? null : left / stepRate.perSecond,
      );
      if (performance.now() - this.lastCheckpoint >= options.checkpointSeconds * 1000) await this.checkpoint();
    }
  }

  private async endEpoch(signal: AbortSignal): Promise<void> {
    const { position, options, listener, trainer } = this;
    const parameters = trainer.weights.copyParameters();
    const validation = await this.task.evaluate('validation', namedTensors(trainer.weights.all(), parameters), {
      signal,
      onProgress: (fraction) => {
        listener.onEvaluating(fraction);
      },
    });
    // The last update can break the weights without a step that would notice; no record holds such a loss.
    if (!Number.isFinite(validation.loss)) throw new DivergedError(validation.loss);
    const best = isBetter(options.earlyStopping, validation, position.best);
    if (best) {
      position.best = { epoch: position.epoch, validation };
      this.bestParameters = parameters;
    }
    listener.onEpoch({
      epoch: position.epoch,
      steps: position.step,
      trainingLoss: position.epochLoss / position.batch,
      validation,
      best,
    });
    position.schedule = endEpoch(options.schedule, position.schedule, validation.loss);
    position.epoch++;
    position.batch = 0;
    position.epochLoss = 0;
  }

  /** Keeps the state between two steps. */
  async checkpoint(): Promise<void> {
    await this.listener.checkpoint(this.position);
    this.lastCheckpoint = performance.now();
  }

  private explain({ step, loss, parameter }: NotFiniteError): Sentence {
    const what = Number.isFinite(loss) ? sentence`the gradient` : sentence`the loss (${loss})`;
    return parameter === null
      ? sentence`Step ${step} failed: ${what} is not a finite number. ${this.cure}`
      : sentence`Step ${step} failed: ${what} is not a finite number; the first parameter whose gradient is not is ${parameter}. ${this.cure}`;
  }

  private explainDivergence({ loss }: DivergedError): Sentence {
    const { step, epoch } = this.position;
    return sentence`The validation of epoch ${epoch}, after step ${step}, failed: the loss (${loss}) is not a finite number. ${this.cure}`;
  }

  private get cure(): Sentence {
    return sentence`Lower training.learningRate (now ${this.options.learningRate}) or clip the gradients more.`;
  }
}
