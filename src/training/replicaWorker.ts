/** The thread of a further replica: takes parameters from shared memory, leaves gradients there. */
import { parentPort, workerData } from 'node:worker_threads';
import { tensor } from '../runtime/session';
import { Replica, type ReplicaSetup } from './replica';
import type { NamedTensors, ShardResult, ShardTask } from './shard';

/** Where a tensor stands in shared memory, in elements. */
export interface Slot {
  readonly name: string;
  readonly dims: readonly number[];
  readonly offset: number;
}

export interface WorkerRequest {
  readonly task: ShardTask;
  readonly parameters: { readonly memory: SharedArrayBuffer; readonly slots: readonly Slot[] };
  readonly gradients: { readonly memory: SharedArrayBuffer; readonly slots: readonly Slot[] };
}

export type WorkerReply = ShardResult | { readonly error: string };

function serve(port: NonNullable<typeof parentPort>): void {
  const replica = new Replica(workerData as ReplicaSetup);
  // The runtime refuses tensors over shared memory: copies in and out.
  const inputs = new LocalCopies();
  const outputs = new LocalCopies();
  port.on('message', (request: WorkerRequest) => {
    void answer(request).then((reply) => {
      port.postMessage(reply);
    });
  });

  async function answer({ task, parameters, gradients }: WorkerRequest): Promise<WorkerReply> {
    try {
      const shared = new Float32Array(parameters.memory);
      const weights = inputs.tensors(parameters.slots);
      for (const { name, offset } of parameters.slots) {
        const { data } = weights[name]!;
        data.set(shared.subarray(offset, offset + data.length));
      }
      const results = outputs.tensors(gradients.slots);
      const result = await replica.run(task, weights, results);
      const target = new Float32Array(gradients.memory);
      for (const { name, offset } of gradients.slots) target.set(results[name]!.data, offset);
      return result;
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
}

/** Arrays of this thread by name, grown where a tensor has become larger. */
class LocalCopies {
  private readonly arrays = new Map<string, Float32Array>();

  tensors(slots: readonly Slot[]): NamedTensors {
    return Object.fromEntries(
      slots.map(({ name, dims }) => {
        const size = dims.reduce((a, b) => a * b, 1);
        let array = this.arrays.get(name);
        if (array === undefined || array.length < size) {
          array = new Float32Array(size);
          this.arrays.set(name, array);
        }
        return [name, tensor('float32', dims, array.subarray(0, size))];
      }),
    );
  }
}

if (parentPort !== null) serve(parentPort);
