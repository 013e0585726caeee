/**
 * One thread's share of an update: adds up gradients and changes weights in place, by the graphs of `nn/optimizers` as kernels.
 * Shares are ranges of numbers, of a table ranges of rows, so that no two threads write to the same place.
 */
import type { Block, Heap } from '../kernels/heap';
import { compileKernels, type KernelProgram, type Kernels, loadKernels } from '../kernels/kernels';
import {
  buildAddition,
  buildCut,
  buildUpdate,
  type ClipSettings,
  clipScale,
  type OptimizerSettings,
  stepScalars,
  updateNames,
} from '../nn/optimizers';
import type { ParameterUpdate } from './updatePlan';

/** Which part of the work: `index` of `count`. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** Sums of squares of the gradients of a share, before and after they are cut at a value. */
export interface Squares {
  readonly before: number;
  readonly after: number;
}

/** What is the same for all numbers of a step. */
export interface StepSettings {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** All that an updater is made of; goes to other threads as it is. */
export interface UpdaterSetup {
  readonly program: KernelProgram<'update' | 'addition' | 'cut'>;
  readonly optimizer: OptimizerSettings;
  readonly clip: ClipSettings;
}

export function updaterSetup(heap: Heap, optimizer: OptimizerSettings, clip: ClipSettings): UpdaterSetup {
  const program = compileKernels(heap, {
    update: buildUpdate(optimizer),
    addition: buildAddition(),
    cut: buildCut(clip.value ?? Infinity),
  });
  return { program, optimizer, clip };
}

const bytes = Float32Array.BYTES_PER_ELEMENT;
/** Shares of a whole array begin at multiples of so many numbers, which fill a line of a processor's cache. */
const denseUnit = 16;
/** Above the number of any row. */
const everyRow = 2 ** 31 - 1;

/** The part of an array that is a share, in whole units. */
function partOf({ offset, length }: Block, { index, count }: Share, unit: number): Block {
  const border = (at: number): number => (at === count ? length : Math.floor((length * at) / count / unit) * unit);
  const from = border(index);
  return { offset: offset + from * bytes, length: border(index + 1) - from };
}

function partOfSum({ sum, table }: ParameterUpdate, share: Share): Block {
  if (table === null) return partOf(sum, share, denseUnit);
  const { rows, width } = table;
  const { offset, length } = partOf(rows, share, 1);
  return { offset: sum.offset + (offset - rows.offset) * width, length: length * width };
}

export class Updater {
  private readonly kernels: Kernels<'update' | 'addition' | 'cut'>;

  constructor(private readonly setup: UpdaterSetup) {
    this.kernels = loadKernels(setup.program);
  }

  /**
   * Adds the gradients of the further shards to those of the first, in the order of the shards, so that the sum is the same
   * every time, and cuts them at a value.
   * @param buffer the kernels' memory as it is now
   */
  sum(plan: readonly ParameterUpdate[], share: Share, buffer: ArrayBufferLike): Squares {
    const isCut = this.setup.clip.value !== undefined;
    let [before, after] = [0, 0];
    for (const parameter of plan) {
      const { offset, length } = this.sumOne(parameter, share, buffer);
      const squares = this.kernels.sumOfSquares(length, offset);
      before += squares;
      if (isCut) this.kernels.run.cut(length, offset);
      after += isCut ? this.kernels.sumOfSquares(length, offset) : squares;
    }
    return { before, after };
  }

  /**
   * Updates weights and states.
   * @param norm global L2 norm of the gradients, after they are cut at a value
   */
  update(plan: readonly ParameterUpdate[], share: Share, { step, learningRate }: StepSettings, norm: number): void {
    const { optimizer, clip } = this.setup;
    const { run, runRows } = this.kernels;
    const scalarsOf = (sparse: boolean): number[] => {
      const scalars = { ...stepScalars(optimizer, learningRate, step, sparse), scale: clipScale(clip, norm) };
      return updateNames.scalars.map((name) => scalars[name]);
    };
    const [dense, sparse] = [scalarsOf(false), scalarsOf(true)];
    for (const parameter of plan) {
      const { sum, targets, table } = parameter;
      const { offset, length } = partOfSum(parameter, share);
      if (table === null) {
        const starts = targets.map((target) => target + offset - sum.offset) as [number, ...number[]];
        const [weight, ...states] = starts;
        run.update(length, weight, offset, ...states, ...dense);
      } else {
        const [weight, ...states] = targets as [number, ...number[]];
        const rows = partOf(table.rows, share, 1);
        runRows.update(rows.offset, rows.length, table.width, 0, everyRow, weight, offset, ...states, ...sparse);
      }
    }
  }

  /** Adds up a parameter's gradients; gives the part of the sum that is the share's. */
  private sumOne(parameter: ParameterUpdate, share: Share, buffer: ArrayBufferLike): Block {
    const { run, runRows } = this.kernels;
    const { gradients, sum, table } = parameter;
    const part = partOfSum(parameter, share);
    const [first, ...others] = gradients;
    if (table === null) {
      for (const { block } of others) run.addition(part.length, part.offset, block.offset + part.offset - sum.offset);
      return part;
    }
    const { width, places } = table;
    const from = (part.offset - sum.offset) / bytes / width;
    const to = from + part.length / width;
    // Rows that the first shard does not touch begin at zero.
    const before = Math.min(part.length, Math.max(0, first!.block.length - from * width));
    new Float32Array(buffer, part.offset, part.length).fill(0, before);
    others.forEach(({ block }, at) => {
      const own = places[at + 1]!;
      runRows.addition(own.offset, own.length, width, from, to, sum.offset, block.offset);
    });
    return part;
  }
}
