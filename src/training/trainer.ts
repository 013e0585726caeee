/** One training step: a batch is shared among replicas, their gradients are added up, and one update is made. */
import { buildTrainingGraph, type ModelSetup } from '../models/architectures';
import type { TrainingGraph } from '../models/trainingGraph';
import { Heap } from '../kernels/heap';
import { tensor } from '../runtime/session';
import type { ClipSettings, OptimizerSettings } from '../nn/optimizers';
import { type Gradient, GradientSum } from './gradientSum';
import { Optimizer } from './optimizer';
import { RemoteReplica } from './remoteReplica';
import { Replica, type ReplicaSetup } from './replica';
import { RowNumbers, type TouchedTables } from './rowNumbers';
import type { NamedTensors, Shard, ShardResult, ShardTask } from './shard';
import { Weights } from './weights';

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
  private readonly rowNumbers: RowNumbers;

  private constructor(
    private readonly heap: Heap,
    readonly weights: Weights,
    private readonly local: Replica,
    private readonly remote: readonly RemoteReplica[],
    private readonly gradients: GradientSum,
    private readonly optimizer: Optimizer,
    { sparse }: TrainingGraph,
  ) {
    this.rowNumbers = new RowNumbers(
      sparse.map((table) => ({ ...table, rows: weights.all().get(table.parameter)![0]! })),
    );
  }

  /** @throws UserError where the model is too large */
  static create(setup: TrainerSetup): Trainer {
    const graph = buildTrainingGraph(setup.model, 'padded');
    const heap = new Heap(setup.replicas > 1);
    const weights = new Weights(heap, graph.parameters, graph.trained, setup.optimizer);
    const optimizer = new Optimizer(heap, weights, setup.optimizer, setup.clip);
    const trained = new Map(graph.trained.map((name) => [name, weights.all().get(name)!]));
    const gradients = new GradientSum(heap, trained, optimizer.kernels);
    const threads = Math.max(1, Math.floor(setup.threads / setup.replicas));
    const replica = (index: number): ReplicaSetup => ({ model: setup.model, seed: setup.seed, index, threads });
    const parameters = weights.parameterArrays();
    const remote = Array.from(
      { length: setup.replicas - 1 },
      (_, at) => new RemoteReplica(setup.replicaScript, replica(at + 1), parameters, setup.replicaExecArgv),
    );
    return new Trainer(heap, weights, new Replica(replica(0)), remote, gradients, optimizer, graph);
  }

  /** Replicas that a batch can be dealt out to. */
  get replicas(): number {
    return this.remote.length + 1;
  }

  /**
   * Trains on a batch, a shard for each replica or for the first ones. The shards' row numbers are changed.
   * @param step number of the step, from 1
   * @throws NotFiniteError where the loss or a gradient is not finite; the weights are then as before
   */
  async step(shards: readonly Shard[], step: number, learningRate: number): Promise<StepResult> {
    const touched = this.rowNumbers.renumber(shards);
    const results = await this.differentiate(shards, step, touched);
    const sums = this.gradients.sum(shards.length, touched);
    const loss = results.reduce((sum, result) => sum + result.loss, 0);
    const { norm, scale } = this.optimizer.clip(sums);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      const parameter = sums.find(({ block }) => !this.heap.view(block).every(Number.isFinite))?.name ?? null;
      throw new NotFiniteError(step, loss, parameter);
    }
    this.optimizer.update(sums, touched, { step, learningRate, scale });
    const tokens = shards.reduce((sum, shard) => sum + shard.tokens, 0);
    return { loss, gradientNorm: norm, tokens, outputs: results.map(({ outputs }) => outputs) };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.local.dispose(), ...this.remote.map((replica) => replica.dispose())]);
  }

  /** Loss and further outputs by shard; leaves the gradients at their places. */
  private async differentiate(
    shards: readonly Shard[],
    step: number,
    touched: TouchedTables,
  ): Promise<readonly ShardResult[]> {
    const places = shards.map((_, at) => this.gradients.ofShard(at, touched));
    const [first, ...others] = shards.map((shard, at): ShardTask => {
      const rows = [...touched].map(([table, { shards: lists }]) => [table, lists[at]!]);
      return { shard, rows: Object.fromEntries(rows) as ShardTask['rows'], step };
    });
    const { buffer } = this.heap.memory;
    const started = others.map((task, at) => this.remote[at]!.run(task, buffer as SharedArrayBuffer, places[at + 1]!));
    const local = this.local.run(first!, this.weights.parameterArrays(), this.tensors(places[0]!));
    return Promise.all([local, ...started]);
  }

  private tensors(gradients: readonly Gradient[]): NamedTensors {
    return Object.fromEntries(
      gradients.map(({ name, dims, block }) => [name, tensor('float32', dims, this.heap.view(block))]),
    );
  }
}
