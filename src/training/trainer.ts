/** One training step: a batch is shared among replicas, their gradients are added up, and one update is made. */
import { assembleBatch, type ExampleSource } from '../data/batches';
import { buildTraining } from '../models/textClassifier';
import { embeddingName } from '../nn/layers';
import {
  buildUpdate,
  type ClipSettings,
  optimizerStates,
  type OptimizerSettings,
  stepScalars,
  updateNames,
} from '../nn/optimizers';
import { encodeModel } from '../onnx/encode';
import { Session, tensor, type Tensor } from '../runtime/session';
import { RemoteReplica, SharedTensors } from './remoteReplica';
import { handedInShape, type NamedTensors, Replica, type ReplicaSetup, type Shard } from './replica';
import { Weights } from './weights';

export interface TrainerSetup {
  readonly model: Pick<ReplicaSetup, 'spec' | 'options' | 'seed'>;
  readonly optimizer: OptimizerSettings;
  readonly clip: ClipSettings;
  /** Copies of the model that share each batch. */
  readonly replicas: number;
  /** Threads of all replicas together. */
  readonly threads: number;
  /** Program of a further replica's thread; needed for more than one replica. */
  readonly replicaScript: string;
  readonly replicaExecArgv?: readonly string[];
}

export interface StepResult {
  /** Loss of the batch before the update, in nats. */
  readonly loss: number;
  /** Global L2 norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Real tokens of the batch. */
  readonly tokens: number;
}

/** A loss or gradient that is no finite number; nothing was updated. */
export class NotFiniteError extends Error {
  constructor(
    readonly step: number,
    readonly loss: number,
    /** The first parameter whose gradient is not finite; null where only the loss is not. */
    readonly parameter: string | null,
  ) {
    super(`step ${step}: the loss is ${loss}, the gradient of ${parameter ?? 'no parameter'} is not finite`);
  }
}

export class Trainer {
  private readonly gradientBuffers = new Map<string, Float32Array>();
  private readonly sharedParameters = new SharedTensors();
  /** Row by token id, valid where the stamp is that of this step. */
  private readonly rowOf: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private readonly wholeTable: Int32Array;

  private constructor(
    private readonly setup: TrainerSetup,
    readonly weights: Weights,
    private readonly local: Replica,
    private readonly remote: readonly RemoteReplica[],
    private readonly update: Session,
  ) {
    const { vocabulary } = setup.model.spec;
    this.rowOf = new Int32Array(vocabulary);
    this.stamps = new Int32Array(vocabulary);
    this.wholeTable = Int32Array.from({ length: weights.sparseEmbedding ? 0 : vocabulary }, (_, row) => row);
  }

  static async create(setup: TrainerSetup): Promise<Trainer> {
    const { spec, options } = setup.model;
    const { parameters, trained } = buildTraining(spec, { ...options, padded: true });
    const weights = new Weights(parameters, trained, setup.optimizer, options.sparseEmbedding);
    const threads = Math.max(1, Math.floor(setup.threads / setup.replicas));
    const update = buildUpdate(
      trained.map((name) => {
        const { shape } = parameters.find((parameter) => parameter.name === name)!;
        const sparse = options.sparseEmbedding && name === embeddingName;
        return { name, shape: sparse ? ['rows', ...shape.slice(1)] : shape, sparse };
      }),
      setup.optimizer,
      setup.clip,
    );
    const replica = (index: number): ReplicaSetup => ({ ...setup.model, index, threads });
    const remote = Array.from(
      { length: setup.replicas - 1 },
      (_, at) => new RemoteReplica(setup.replicaScript, replica(at + 1), setup.replicaExecArgv),
    );
    // One thread: a runtime's idle threads spin for a while, and would take the cores from the replicas.
    const session = await Session.create(encodeModel(update), { threads: 1 });
    return new Trainer(setup, weights, new Replica(replica(0)), remote, session);
  }

  /**
   * Trains on the examples of a batch.
   * @param step number of the step, from 1
   * @throws NotFiniteError where the loss or a gradient is not finite; the weights are then as before
   */
  async step(source: ExampleSource, examples: Int32Array, step: number, learningRate: number): Promise<StepResult> {
    const shards = this.cut(examples).map((part) => assembleBatch(source, part));
    const rows = this.setup.model.options.sparseEmbedding ? this.renumber(shards) : this.wholeTable;
    const normaliser = this.totalWeight(shards);
    const parameters = this.weights.handIn(
      rows,
      this.weights.parameters.map(({ name }) => name),
    );
    const gradients = this.gradientTensors(rows.length);
    const loss = await this.differentiate(shards, normaliser, step, parameters, gradients);
    const gradientNorm = await this.applyUpdate(rows, step, learningRate, parameters, gradients, loss);
    return { loss, gradientNorm, tokens: shards.reduce((sum, { tokens }) => sum + tokens, 0) };
  }

  async dispose(): Promise<void> {
    await Promise.all([
      this.local.dispose(),
      this.update.dispose(),
      ...this.remote.map((replica) => replica.dispose()),
    ]);
  }

  /** The batch's examples for each replica: dealt out like cards, so that lengths spread evenly. */
  private cut(examples: Int32Array): Int32Array[] {
    const count = Math.min(this.setup.replicas, examples.length);
    return Array.from({ length: count }, (_, at) => examples.filter((_example, place) => place % count === at));
  }

  /** Replaces token ids by rows of a table that holds only the tokens of this batch; returns their ids. */
  private renumber(shards: readonly Shard[]): Int32Array {
    this.stamp++;
    const { rowOf, stamps, stamp } = this;
    const touched: number[] = [];
    for (const { ids } of shards) {
      for (let at = 0; at < ids.length; at++) {
        const id = ids[at]!;
        if (stamps[id] !== stamp) {
          stamps[id] = stamp;
          rowOf[id] = touched.length;
          touched.push(id);
        }
        ids[at] = rowOf[id]!;
      }
    }
    return Int32Array.from(touched);
  }

  private totalWeight(shards: readonly Shard[]): number {
    const { classWeights } = this.setup.model.options;
    return shards.reduce(
      (sum, { labels }) => labels.reduce((part, label) => part + (classWeights?.[label] ?? 1), sum),
      0,
    );
  }

  private gradientTensors(rows: number): NamedTensors {
    const { trained, parameters } = this.weights;
    return Object.fromEntries(
      trained.map((name) => {
        const { shape } = parameters.find((parameter) => parameter.name === name)!;
        const dims = handedInShape(name, shape, rows);
        const size = dims.reduce((a, b) => a * b, 1);
        let buffer = this.gradientBuffers.get(name);
        if (buffer === undefined || buffer.length < size) {
          buffer = new Float32Array(size);
          this.gradientBuffers.set(name, buffer);
        }
        return [name, tensor('float32', dims, buffer.subarray(0, size))];
      }),
    );
  }

  /** Loss of the batch; leaves its gradients in `gradients`. Replicas are added up in their order: the sum is the same every time. */
  private async differentiate(
    shards: readonly Shard[],
    normaliser: number,
    step: number,
    parameters: NamedTensors,
    gradients: NamedTensors,
  ): Promise<number> {
    const [first, ...others] = shards;
    const shapes = Object.fromEntries(Object.entries(gradients).map(([name, { dims }]) => [name, dims]));
    let started: ReturnType<RemoteReplica['run']>[] = [];
    if (others.length > 0) {
      const layout = this.sharedParameters.layout(
        Object.fromEntries(Object.entries(parameters).map(([name, { dims }]) => [name, dims])),
      );
      const memory = new Float32Array(layout.memory);
      for (const { name, offset } of layout.slots) memory.set(parameters[name]!.data, offset);
      started = others.map((shard, at) => this.remote[at]!.run({ shard, normaliser, step }, layout, shapes));
    }
    const local = this.local.run({ shard: first!, normaliser, step }, parameters, gradients);
    const [localLoss, ...results] = await Promise.all([local, ...started]);
    let loss = localLoss;
    for (const result of results) {
      loss += result.loss;
      for (const [name, { data }] of Object.entries(result.gradients)) addInto(gradients[name]!.data, data);
    }
    return loss;
  }

  private async applyUpdate(
    rows: Int32Array,
    step: number,
    learningRate: number,
    parameters: NamedTensors,
    gradients: NamedTensors,
    loss: number,
  ): Promise<number> {
    const { trained, optimizer } = this.weights;
    const states = trained.flatMap((name) => optimizerStates(optimizer).map((state) => updateNames.state(state, name)));
    const feeds: Record<string, Tensor> = { ...parameters, ...this.weights.handIn(rows, states) };
    for (const [name, gradient] of Object.entries(gradients)) feeds[updateNames.gradient(name)] = gradient;
    for (const [name, value] of Object.entries(stepScalars(optimizer, learningRate, step))) {
      feeds[name] = tensor('float32', [], Float32Array.of(value));
    }
    const changed = [...trained, ...states];
    const into = Object.fromEntries(
      Object.entries(this.weights.handOut(rows, changed)).map(([name, target]) => [updateNames.next(name), target]),
    );
    const used = Object.fromEntries(this.update.inputNames.map((name) => [name, feeds[name]!]));
    const results = await this.update.run(used, undefined, into);
    const norm = (results[updateNames.gradientNorm] as Tensor<'float32'>).data[0]!;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const parameter = trained.find((name) => !gradients[name]!.data.every(Number.isFinite)) ?? null;
      throw new NotFiniteError(step, loss, parameter);
    }
    this.weights.commit(rows, changed);
    return norm;
  }
}

function addInto(target: Float32Array, source: Float32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! += source[at]!;
}
