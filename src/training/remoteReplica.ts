/** A replica in a thread of its own, as the thread of the training loop sees it. */
import { Worker } from 'node:worker_threads';
import type { ParameterArray } from './fedTensors';
import type { Gradient } from './gradientSum';
import type { ReplicaSetup } from './replica';
import type { WorkerData, WorkerReply, WorkerRequest } from './replicaWorker';
import type { ShardResult, ShardTask } from './shard';

export class RemoteReplica {
  private readonly worker: Worker;
  private settle: { resolve: (reply: WorkerReply) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  /**
   * @param script path of the thread's program
   * @param parameters in shared memory
   */
  constructor(
    script: string,
    setup: ReplicaSetup,
    parameters: readonly ParameterArray[],
    execArgv?: readonly string[],
  ) {
    this.worker = new Worker(script, {
      workerData: { setup, parameters } satisfies WorkerData,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.worker.on('message', (reply: WorkerReply) => this.settle?.resolve(reply));
    this.worker.on('error', (error: unknown) => {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.worker.on('exit', (code) => {
      this.fail(new Error(`A replica's thread ended with code ${code}.`));
    });
  }

  /**
   * Starts on a shard; the parameters must not change until the promise settles. Its gradients are then at their places in
   * the memory.
   */
  async run(task: ShardTask, memory: SharedArrayBuffer, gradients: readonly Gradient[]): Promise<ShardResult> {
    if (this.failure !== null) throw this.failure;
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.settle = { resolve, reject };
      this.worker.postMessage({ task, memory, gradients } satisfies WorkerRequest);
    });
    this.settle = null;
    if ('error' in reply) throw new Error(`A replica failed: ${reply.error}`);
    return reply;
  }

  async dispose(): Promise<void> {
    this.worker.removeAllListeners('exit');
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.settle?.reject(this.failure);
  }
}
