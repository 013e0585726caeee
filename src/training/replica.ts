/** One copy of the model that computes the loss and the gradients of its part of a batch; knows nothing of updates. */
import { buildTrainingGraph, type ModelSetup, type Variant } from '../models/architectures';
import type { TrainingGraph } from '../models/trainingGraph';
import { updateNames } from '../nn/optimizers';
import { Session, tensor, type Tensor } from '../runtime/session';
import { fillDropoutMask } from './dropoutMasks';
import { FedTensors, type ParameterArray } from './fedTensors';
import type { NamedTensors, Shard, ShardResult, ShardTask } from './shard';

/** What fixes a replica's graph and its random numbers; plain data that goes to another thread as it is. */
export interface ReplicaSetup {
  readonly model: ModelSetup;
  readonly seed: number;
  /** Place among the replicas, from 0. */
  readonly index: number;
  readonly threads: number;
}

interface LoadedGraph {
  readonly graph: TrainingGraph;
  readonly session: Session;
}

export class Replica {
  /** Graphs by variant, made when first needed. */
  private readonly graphs = new Map<Variant, Promise<LoadedGraph>>();

  private readonly tensors = new FedTensors();

  constructor(private readonly setup: ReplicaSetup) {}

  /** Runs the shard forwards and back. Gradients are written into `gradients`, by parameter name. */
  async run(
    { shard, rows, step }: ShardTask,
    parameters: readonly ParameterArray[],
    gradients: NamedTensors,
  ): Promise<ShardResult> {
    const { graph, session } = await this.graphOf(shard.variant);
    const feeds: Record<string, Tensor> = {
      ...this.tensors.parameters(parameters, rows),
      ...shard.feeds,
      ...this.dropoutMasks(graph, shard, step),
    };
    const written = this.tensors.gradients(gradients);
    const into = Object.fromEntries(graph.trained.map((name) => [updateNames.gradient(name), written[name]!]));
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    const { loss, ...results } = await session.run(used, undefined, into);
    this.tensors.takeGradients(written, gradients);
    const outputs = Object.fromEntries(Object.entries(results).filter(([name]) => !(name in into)));
    return { loss: (loss as Tensor<'float32'>).data[0]!, outputs };
  }

  async dispose(): Promise<void> {
    for (const loaded of this.graphs.values()) await (await loaded).session.dispose();
  }

  private dropoutMasks({ dropouts }: TrainingGraph, { sizes }: Shard, step: number): Record<string, Tensor> {
    const { seed, index } = this.setup;
    return Object.fromEntries(
      dropouts.map(({ name, shape, rate }, site) => {
        const dims = shape.map((dim) => (typeof dim === 'string' ? sizes[dim]! : dim));
        const mask = new Float32Array(dims.reduce((a, b) => a * b, 1));
        fillDropoutMask(mask, rate, seed, step, index, site);
        return [name, tensor('float32', dims, mask)];
      }),
    );
  }

  private graphOf(variant: Variant): Promise<LoadedGraph> {
    let loaded = this.graphs.get(variant);
    if (loaded === undefined) {
      loaded = this.load(variant);
      this.graphs.set(variant, loaded);
    }
    return loaded;
  }

  private async load(variant: Variant): Promise<LoadedGraph> {
    const graph = buildTrainingGraph(this.setup.model, variant);
    return { graph, session: await Session.create(graph.bytes, { threads: this.setup.threads }) };
  }
}
