/** The thread of a further replica: reads parameters in shared memory, leaves gradients there and does its share of the update. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ParameterArray } from './fedTensors';
import { Meeting } from './meeting';
import { Replica, type ReplicaSetup } from './replica';
import type { ShardResult, ShardTask } from './shard';
import { updateTogether } from './sharedUpdate';
import { gradientTensors, type ParameterUpdate } from './updatePlan';
import { type Share, type StepSettings, Updater, type UpdaterSetup } from './updater';

/** What the thread is started with. */
export interface WorkerData {
  readonly setup: ReplicaSetup;
  readonly parameters: readonly ParameterArray[];
  readonly updater: UpdaterSetup;
  readonly meeting: SharedArrayBuffer;
}

export interface WorkerRequest {
  readonly task: ShardTask;
  readonly plan: readonly ParameterUpdate[];
  readonly share: Share;
  readonly settings: StepSettings;
  /** The kernels' memory as it is now. */
  readonly memory: SharedArrayBuffer;
}

/** A result comes when the gradients are there, before the update; an error at any time, and is the last reply. */
export type WorkerReply = ShardResult | { readonly error: string };

function serve(port: NonNullable<typeof parentPort>): void {
  const data = workerData as WorkerData;
  const replica = new Replica(data.setup);
  const updater = new Updater(data.updater);
  const meeting = new Meeting(data.meeting, Infinity);
  port.on('message', (request: WorkerRequest) => {
    void takeStep(request);
  });

  async function takeStep({ task, plan, share, settings, memory }: WorkerRequest): Promise<void> {
    try {
      const result = await replica.run(task, data.parameters, gradientTensors(plan, share.index, memory));
      tell(result);
      meeting.leave(share.index, 'loss', result.loss);
      if (meeting.meet(share.count)) updateTogether(meeting, updater, plan, share, settings, memory);
    } catch (error) {
      meeting.fail();
      tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  function tell(reply: WorkerReply): void {
    port.postMessage(reply);
  }
}

if (parentPort !== null) serve(parentPort);
