/** A replica in a thread of its own, as the thread of the training loop sees it. */
import { Worker } from 'node:worker_threads';
import type { WorkerData, WorkerReply, WorkerRequest } from './replicaWorker';
import type { ShardResult } from './shard';

export class RemoteReplica {
  private readonly worker: Worker;
  private settle: { resolve: (result: ShardResult) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  /** @param script path of the thread's program */
  constructor(script: string, data: WorkerData, execArgv?: readonly string[]) {
    this.worker = new Worker(script, {
      workerData: data,
      // A step leaves little behind, and a heap that may grow would keep it for long.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.worker.on('message', (reply: WorkerReply) => {
      if ('error' in reply) this.fail(new Error(`A replica failed: ${reply.error}`));
      else this.settle?.resolve(reply);
    });
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
    const result = this.next();
    if (this.failure === null) this.worker.postMessage(request);
    return result;
  }

  /** The failure of a replica that has one to tell; not while it is running. */
  async failed(): Promise<never> {
    await this.next();
    throw new Error('A replica that has failed went on.');
  }

  async dispose(): Promise<void> {
    this.worker.removeAllListeners('exit');
    await this.worker.terminate();
  }

  private next(): Promise<ShardResult> {
    return new Promise((resolve, reject) => {
      if (this.failure === null) this.settle = { resolve, reject };
      else reject(this.failure);
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.settle?.reject(this.failure);
  }
}
