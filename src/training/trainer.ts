/** One training step: a batch is shared among replicas, their gradients are added up, and one update is made. */
import { buildTrainingGraph, type ModelSetup } from '../models/architectures';
import type { TrainingGraph } from '../models/trainingGraph';
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
import { Replica, type ReplicaSetup } from './replica';
import { RowNumbers } from './rowNumbers';
import type { NamedTensors, Shard, ShardResult } from './shard';
import { type TouchedRows, Weights } from './weights';

export interface TrainerSetup {
  readonly model: ModelSetup;
  readonly seed: number;
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
  /** What the graph hands out beside loss and gradients, by shard. */
  readonly outputs: readonly ShardResult['outputs'][];
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
  private readonly rowNumbers: RowNumbers;

  private constructor(
    private readonly setup: TrainerSetup,
    readonly weights: Weights,
    private readonly local: Replica,
    private readonly remote: readonly RemoteReplica[],
    private readonly update: Session,
    { sparse }: TrainingGraph,
  ) {
    this.rowNumbers = new RowNumbers(
      sparse.map((table) => ({ ...table, rows: weights.all().get(table.parameter)![0]! })),
    );
  }

  static async create(setup: TrainerSetup): Promise<Trainer> {
    const graph = buildTrainingGraph(setup.model, 'padded');
    const sparse = graph.sparse.map(({ parameter }) => parameter);
    const weights = new Weights(graph.parameters, graph.trained, setup.optimizer, sparse);
    const threads = Math.max(1, Math.floor(setup.threads / setup.replicas));
    const update = buildUpdate(
      graph.trained.map((name) => {
        const shape = weights.all().get(name)!;
        const isSparse = sparse.includes(name);
        return { name, shape: isSparse ? [`${name}.rows`, ...shape.slice(1)] : shape, sparse: isSparse };
      }),
      setup.optimizer,
      setup.clip,
    );
    const replica = (index: number): ReplicaSetup => ({ model: setup.model, seed: setup.seed, index, threads });
    const remote = Array.from(
      { length: setup.replicas - 1 },
      (_, at) => new RemoteReplica(setup.replicaScript, replica(at + 1), setup.replicaExecArgv),
    );
    // One thread: a runtime's idle threads spin for a while, and would take the cores from the replicas.
    const session = await Session.create(encodeModel(update), { threads: 1 });
    return new Trainer(setup, weights, new Replica(replica(0)), remote, session, graph);
  }

  /** Replicas that a batch can be dealt out to. */
  get replicas(): number {
    return this.setup.replicas;
  }

  /**
   * Trains on a batch, a shard for each replica or for the first ones. The shards' row numbers are changed.
   * @param step number of the step, from 1
   * @throws NotFiniteError where the loss or a gradient is not finite; the weights are then as before
   */
  async step(shards: readonly Shard[], step: number, learningRate: number): Promise<StepResult> {
    const touched = this.rowNumbers.renumber(shards);
    const parameters = this.weights.handIn(
      touched,
      this.weights.parameters.map(({ name }) => name),
    );
    const gradients = this.gradientTensors(touched);
    const { loss, outputs } = await this.differentiate(shards, step, parameters, gradients);
    const gradientNorm = await this.applyUpdate(touched, step, learningRate, parameters, gradients, loss);
    return { loss, gradientNorm, tokens: shards.reduce((sum, { tokens }) => sum + tokens, 0), outputs };
  }

  async dispose(): Promise<void> {
    await Promise.all([
      this.local.dispose(),
      this.update.dispose(),
      ...this.remote.map((replica) => replica.dispose()),
    ]);
  }

  private gradientTensors(touched: TouchedRows): NamedTensors {
    return Object.fromEntries(
      this.weights.trained.map((name) => {
        const dims = this.weights.handedInShape(touched, name);
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
    step: number,
    parameters: NamedTensors,
    gradients: NamedTensors,
  ): Promise<Pick<StepResult, 'loss' | 'outputs'>> {
    const [first, ...others] = shards;
    const shapes = Object.fromEntries(Object.entries(gradients).map(([name, { dims }]) => [name, dims]));
    let started: ReturnType<RemoteReplica['run']>[] = [];
    if (others.length > 0) {
      const layout = this.sharedParameters.layout(
        Object.fromEntries(Object.entries(parameters).map(([name, { dims }]) => [name, dims])),
      );
      const memory = new Float32Array(layout.memory);
      for (const { name, offset } of layout.slots) memory.set(parameters[name]!.data, offset);
      started = others.map((shard, at) => this.remote[at]!.run({ shard, step }, layout, shapes));
    }
    const local = this.local.run({ shard: first!, step }, parameters, gradients);
    const [own, ...results] = await Promise.all([local, ...started]);
    let { loss } = own;
    for (const result of results) {
      loss += result.loss;
      for (const [name, { data }] of Object.entries(result.gradients)) addInto(gradients[name]!.data, data);
    }
    return { loss, outputs: [own, ...results].map(({ outputs }) => outputs) };
  }

  private async applyUpdate(
    touched: TouchedRows,
    step: number,
    learningRate: number,
    parameters: NamedTensors,
    gradients: NamedTensors,
    loss: number,
  ): Promise<number> {
    const { trained, optimizer } = this.weights;
    const states = trained.flatMap((name) => optimizerStates(optimizer).map((state) => updateNames.state(state, name)));
    const feeds: Record<string, Tensor> = { ...parameters, ...this.weights.handIn(touched, states) };
    for (const [name, gradient] of Object.entries(gradients)) feeds[updateNames.gradient(name)] = gradient;
    for (const [name, value] of Object.entries(stepScalars(optimizer, learningRate, step))) {
      feeds[name] = tensor('float32', [], Float32Array.of(value));
    }
    const changed = [...trained, ...states];
    const into = Object.fromEntries(
      Object.entries(this.weights.handOut(touched, changed)).map(([name, target]) => [updateNames.next(name), target]),
    );
    const used = Object.fromEntries(this.update.inputNames.map((name) => [name, feeds[name]!]));
    const results = await this.update.run(used, undefined, into);
    const norm = (results[updateNames.gradientNorm] as Tensor<'float32'>).data[0]!;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const parameter = trained.find((name) => !gradients[name]!.data.every(Number.isFinite)) ?? null;
      throw new NotFiniteError(step, loss, parameter);
    }
    this.weights.commit(touched, changed);
    return norm;
  }
}

function addInto(target: Float32Array, source: Float32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! += source[at]!;
}
