/** The thread of a further replica: reads parameters in shared memory, leaves gradients there. */
import { parentPort, workerData } from 'node:worker_threads';
import { tensor } from '../runtime/session';
import type { ParameterArray } from './fedTensors';
import type { Gradient } from './gradientSum';
import { Replica, type ReplicaSetup } from './replica';
import type { ShardResult, ShardTask } from './shard';

/** What the thread is started with. */
export interface WorkerData {
  readonly setup: ReplicaSetup;
  readonly parameters: readonly ParameterArray[];
}

export interface WorkerRequest {
  readonly task: ShardTask;
  readonly memory: SharedArrayBuffer;
  /** Where its gradients go. */
  readonly gradients: readonly Gradient[];
}

export type WorkerReply = ShardResult | { readonly error: string };

function serve(port: NonNullable<typeof parentPort>): void {
  const { setup, parameters } = workerData as WorkerData;
  const replica = new Replica(setup);
  port.on('message', (request: WorkerRequest) => {
    void answer(request).then((reply) => {
      port.postMessage(reply);
    });
  });

  async function answer({ task, memory, gradients }: WorkerRequest): Promise<WorkerReply> {
    try {
      const targets = gradients.map(
        ({ name, dims, block: { offset, length } }) =>
          [name, tensor('float32', dims, new Float32Array(memory, offset, length))] as const,
      );
      return await replica.run(task, parameters, Object.fromEntries(targets));
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }
}

if (parentPort !== null) serve(parentPort);
