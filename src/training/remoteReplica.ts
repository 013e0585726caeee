/** A replica in a thread of its own, as the thread of the training loop sees it. */
import { Worker } from 'node:worker_threads';
import type { WorkerData, WorkerReply, WorkerRequest } from './replicaWorker';
import type { ShardResult } from './shard';

export class RemoteReplica {
  private readonly worker: Worker;
  private settle: { resolve: (reply: WorkerReply) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  /** @param script path of the thread's program */
  constructor(script: string, data: WorkerData, execArgv?: readonly string[]) {
    this.worker = new Worker(script, {
      workerData: data,
      // A step leaves little behind, and a heap that may grow would keep it for long.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
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
   * Starts on a shard; the parameters must not change before all threads have met. When the promise settles, the gradients
   * are at their places in the memory.
   */
  async run(request: WorkerRequest): Promise<ShardResult> {
    if (this.failure !== null) throw this.failure;
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.settle = { resolve, reject };
      this.worker.postMessage(request);
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
