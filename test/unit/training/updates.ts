/** Weights and an optimizer for tests that run the graphs of training themselves. */
import { Heap } from '../../../src/kernels/heap';
import type { ClipSettings, OptimizerSettings } from '../../../src/nn/optimizers';
import type { ParameterSpec } from '../../../src/nn/scope';
import { type Feeds, tensor, type Tensor } from '../../../src/runtime/session';
import { Meeting, meetingMemory } from '../../../src/training/meeting';
import type { TouchedTables } from '../../../src/training/rowNumbers';
import { updateTogether } from '../../../src/training/sharedUpdate';
import { gradientTensors, UpdatePlanner } from '../../../src/training/updatePlan';
import { Updater, updaterSetup } from '../../../src/training/updater';
import { Weights } from '../../../src/training/weights';

export class Updates {
  readonly weights: Weights;
  private readonly heap = new Heap(false);
  private readonly meeting = new Meeting(meetingMemory(1), 1);
  private readonly updater: Updater;
  private readonly planner: UpdatePlanner;

  /** @param initial values of all parameters by name */
  constructor(
    parameters: readonly ParameterSpec[],
    initial: ReadonlyMap<string, Float32Array>,
    settings: OptimizerSettings,
    clip: ClipSettings,
  ) {
    const names = parameters.map(({ name }) => name);
    this.weights = new Weights(this.heap, parameters, names, settings);
    this.updater = new Updater(updaterSetup(this.heap, settings, clip));
    this.planner = new UpdatePlanner(this.heap, this.weights);
    for (const name of names) this.weights.array(name).set(initial.get(name)!);
  }

  /** The parameters as a graph takes them; of a table its rows. */
  feeds(tables: Readonly<Record<string, readonly number[]>> = {}): Feeds {
    return Object.fromEntries(
      this.weights.parameterArrays().map(({ name, shape, array }) => {
        const rows = tables[name];
        if (rows === undefined) return [name, tensor('float32', shape, array)];
        const width = shape[1]!;
        const touched = rows.flatMap((row) => [...array.subarray(row * width, (row + 1) * width)]);
        return [name, tensor('float32', [rows.length, width], Float32Array.from(touched))];
      }),
    );
  }

  /** Takes a step by gradients, of a table those of its rows; gives their norm before clipping. */
  apply(
    gradientOf: (parameter: string) => Tensor,
    step: number,
    learningRate: number,
    tables: Readonly<Record<string, readonly number[]>> = {},
  ): number {
    const touched: TouchedTables = new Map(
      Object.entries(tables).map(([name, numbers]) => {
        const rows = Int32Array.from(numbers);
        return [name, { all: rows, shards: [rows], places: [rows.map((_, at) => at)] }];
      }),
    );
    const plan = this.planner.plan(1, touched);
    const { buffer } = this.heap.memory;
    for (const [name, { data }] of Object.entries(gradientTensors(plan, 0, buffer))) {
      data.set(gradientOf(name).data as Float32Array);
    }
    const settings = { step, learningRate };
    return updateTogether(this.meeting, this.updater, plan, { index: 0, count: 1 }, settings, buffer)!.norm;
  }
}
