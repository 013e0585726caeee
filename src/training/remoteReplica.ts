/** A replica in a thread of its own, as the thread of the training loop sees it. */
import { Worker } from 'node:worker_threads';
import type { ReplicaSetup } from './replica';
import type { Slot, WorkerReply, WorkerRequest } from './replicaWorker';
import type { NamedTensors, ShardResult, ShardTask } from './shard';

/** Tensors in shared memory, one behind the other. */
export class SharedTensors {
  private memory = new SharedArrayBuffer(0);

  /** Places for tensors of these shapes; the memory grows where they do not fit. */
  layout(shapes: Readonly<Record<string, readonly number[]>>): { memory: SharedArrayBuffer; slots: Slot[] } {
    let offset = 0;
    const slots = Object.entries(shapes).map(([name, dims]) => {
      const slot = { name, dims, offset };
      offset += dims.reduce((a, b) => a * b, 1);
      return slot;
    });
    const { BYTES_PER_ELEMENT: width } = Float32Array;
    if (this.memory.byteLength < offset * width) this.memory = new SharedArrayBuffer(Math.ceil(offset * 1.25) * width);
    return { memory: this.memory, slots };
  }
}

export class RemoteReplica {
  private readonly worker: Worker;
  private readonly gradients = new SharedTensors();
  private settle: { resolve: (reply: WorkerReply) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  /** @param script path of the thread's program */
  constructor(script: string, setup: ReplicaSetup, execArgv?: readonly string[]) {
    this.worker = new Worker(script, {
      workerData: setup,
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
   * Starts on a shard; `parameters` must not change until the promise settles. Resolves with the shard's result and its
   * gradients, which stay valid until the next call.
   */
  async run(
    task: ShardTask,
    parameters: WorkerRequest['parameters'],
    shapes: Readonly<Record<string, readonly number[]>>,
  ): Promise<ShardResult & { readonly gradients: NamedTensors }> {
    if (this.failure !== null) throw this.failure;
    const gradients = this.gradients.layout(shapes);
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.settle = { resolve, reject };
      this.worker.postMessage({ task, parameters, gradients } satisfies WorkerRequest);
    });
    this.settle = null;
    if ('error' in reply) throw new Error(`A replica failed: ${reply.error}`);
    const memory = new Float32Array(gradients.memory);
    const tensors = gradients.slots.map(({ name, dims, offset }) => {
      const size = dims.reduce((a, b) => a * b, 1);
      return [name, { dtype: 'float32' as const, dims, data: memory.subarray(offset, offset + size) }];
    });
    return { ...reply, gradients: Object.fromEntries(tensors) as NamedTensors };
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
