/** One training step: a batch is shared among replicas, their gradients are added up, and one update is made. */
import { buildTrainingGraph, type ModelSetup } from '../models/architectures';
import type { TrainingGraph } from '../models/trainingGraph';
import { Heap } from '../kernels/heap';
import type { ClipSettings, OptimizerSettings } from '../nn/optimizers';
import { Meeting, meetingMemory } from './meeting';
import { RemoteReplica } from './remoteReplica';
import { Replica, type ReplicaSetup } from './replica';
import { RowNumbers, type TouchedTables } from './rowNumbers';
import type { Shard, ShardResult, ShardTask } from './shard';
import { updateTogether, type UpdateResult } from './sharedUpdate';
import { gradientTensors, type ParameterUpdate, UpdatePlanner } from './updatePlan';
import { type StepSettings, Updater, updaterSetup } from './updater';
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

/** How long the other replicas are waited for before this thread sees to its events again: longer than a usual difference. */
const patienceMilliseconds = 20;

/** In which a replica does its share of an update, or never will. */
const answerSeconds = 60;

export class Trainer {
  private readonly rowNumbers: RowNumbers;
  private readonly planner: UpdatePlanner;

  private constructor(
    private readonly heap: Heap,
    readonly weights: Weights,
    private readonly local: Replica,
    private readonly remote: readonly RemoteReplica[],
    private readonly updater: Updater,
    private readonly meeting: Meeting,
    { sparse }: TrainingGraph,
  ) {
    this.planner = new UpdatePlanner(heap, weights);
    this.rowNumbers = new RowNumbers(
      sparse.map((table) => ({ ...table, rows: weights.all().get(table.parameter)![0]! })),
    );
  }

  /** @throws UserError where the model is too large */
  static create(setup: TrainerSetup): Trainer {
    const graph = buildTrainingGraph(setup.model, 'padded');
    const heap = new Heap(setup.replicas > 1);
    const weights = new Weights(heap, graph.parameters, graph.trained, setup.optimizer);
    const updater = updaterSetup(heap, setup.optimizer, setup.clip);
    const meeting = meetingMemory(setup.replicas);
    const threads = Math.max(1, Math.floor(setup.threads / setup.replicas));
    const replica = (index: number): ReplicaSetup => ({ model: setup.model, seed: setup.seed, index, threads });
    const parameters = weights.parameterArrays();
    const remote = Array.from(
      { length: setup.replicas - 1 },
      (_, at) =>
        new RemoteReplica(
          setup.replicaScript,
          { setup: replica(at + 1), parameters, updater, meeting },
          setup.replicaExecArgv,
        ),
    );
    const local = new Replica(replica(0));
    return new Trainer(heap, weights, local, remote, new Updater(updater), new Meeting(meeting, answerSeconds), graph);
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
    const plan = this.planner.plan(shards.length, touched);
    const [first, ...others] = shards.map((shard, at) => shardTask(shard, at, touched, step));
    const settings = { step, learningRate };
    const started = this.start(others, plan, settings);
    const { meeting, heap } = this;
    let update: UpdateResult;
    let outputs: StepResult['outputs'];
    try {
      const gradients = gradientTensors(plan, 0, heap.memory.buffer);
      const own = await this.local.run(first!, this.weights.parameterArrays(), gradients);
      meeting.leave(0, 'loss', own.loss);
      await this.meet(started);
      const share = { index: 0, count: shards.length };
      const result = updateTogether(meeting, this.updater, plan, share, settings, heap.memory.buffer);
      outputs = [own, ...(await Promise.all(started))].map((one) => one.outputs);
      // All have had their gradients, so that it was in its share of the update that one failed.
      update = result ?? (await Promise.race(this.remote.map((replica) => replica.failed())));
    } catch (error) {
      // Nobody waits any longer, and nobody is in the middle of a run, in which a thread must not be ended.
      meeting.fail();
      await Promise.allSettled(started);
      throw error;
    }
    const { loss, norm, isUpdated } = update;
    if (!isUpdated) {
      const parameter = plan.find(({ sum }) => !heap.view(sum).every(Number.isFinite))?.name ?? null;
      throw new NotFiniteError(step, loss, parameter);
    }
    const tokens = shards.reduce((sum, shard) => sum + shard.tokens, 0);
    return { loss, gradientNorm: norm, tokens, outputs };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.local.dispose(), ...this.remote.map((replica) => replica.dispose())]);
  }

  /** Has the other replicas begin; a result comes when its gradients are there. */
  private start(
    tasks: readonly ShardTask[],
    plan: readonly ParameterUpdate[],
    settings: StepSettings,
  ): readonly Promise<ShardResult>[] {
    const memory = this.heap.memory.buffer as SharedArrayBuffer;
    const count = tasks.length + 1;
    return tasks.map((task, at) => {
      const result = this.remote[at]!.run({ task, plan, share: { index: at + 1, count }, settings, memory });
      // A failure is told where the result is asked for, which may be later than it comes.
      result.catch(() => undefined);
      return result;
    });
  }

  /** Waits until all gradients are there; blocks the thread for a moment at most, as a replica may have ended. */
  private async meet(others: readonly Promise<ShardResult>[]): Promise<void> {
    const round = this.meeting.arrive(others.length + 1);
    if (this.meeting.wait(round, patienceMilliseconds)) return;
    await Promise.all(others);
    this.meeting.finish(round);
  }
}

function shardTask(shard: Shard, at: number, touched: TouchedTables, step: number): ShardTask {
  const rows = [...touched].map(([table, { shards }]) => [table, shards[at]!] as const);
  return { shard, rows: Object.fromEntries(rows), step };
}
