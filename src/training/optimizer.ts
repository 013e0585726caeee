/** Clipping and updates of the weights in memory, by the graphs of `nn/optimizers` as kernels. */
import type { Heap } from '../kernels/heap';
import { compileKernels, type Kernels } from '../kernels/kernels';
import {
  buildAddition,
  buildCut,
  buildUpdate,
  type ClipSettings,
  clipScale,
  optimizerStates,
  type OptimizerSettings,
  stepScalars,
  updateNames,
} from '../nn/optimizers';
import type { Gradient } from './gradientSum';
import type { TouchedTables } from './rowNumbers';
import type { Weights } from './weights';

/** What is the same for all numbers of a step. */
export interface StepSettings {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Factor of the gradients, by `clip`. */
  readonly scale: number;
}

export class Optimizer {
  readonly kernels: Kernels<'update' | 'addition' | 'cut'>;

  constructor(
    private readonly heap: Heap,
    private readonly weights: Weights,
    private readonly settings: OptimizerSettings,
    private readonly clipping: ClipSettings,
  ) {
    this.kernels = compileKernels(heap, {
      update: buildUpdate(settings),
      addition: buildAddition(),
      cut: buildCut(clipping.value ?? Infinity),
    });
  }

  /**
   * Clips by value, in place, and finds the factor that clips by norm.
   * @returns the global L2 norm before any clipping, and the factor for all gradients
   */
  clip(gradients: readonly Gradient[]): { norm: number; scale: number } {
    const norm = this.globalNorm(gradients);
    if (this.clipping.value === undefined) return { norm, scale: clipScale(this.clipping, norm) };
    for (const { block } of gradients) this.kernels.run.cut(block.length, block.offset);
    return { norm, scale: clipScale(this.clipping, this.globalNorm(gradients)) };
  }

  /** Updates weights and states in place; of a sparse table the rows touched. */
  update(gradients: readonly Gradient[], touched: TouchedTables, { step, learningRate, scale }: StepSettings): void {
    const { run, runRows } = this.kernels;
    const scalarsOf = (sparse: boolean): number[] => {
      const scalars = { ...stepScalars(this.settings, learningRate, step, sparse), scale };
      return updateNames.scalars.map((name) => scalars[name]);
    };
    for (const { name, block: gradient } of gradients) {
      const { offset: weight } = this.weights.block(name);
      const states = optimizerStates(this.settings).map(
        (state) => this.weights.block(updateNames.state(state, name)).offset,
      );
      const rows = touched.get(name)?.all;
      const scalars = scalarsOf(rows !== undefined);
      if (rows === undefined) {
        run.update(gradient.length, weight, gradient.offset, ...states, ...scalars);
        continue;
      }
      const numbers = this.heap.putIntegers('touched rows', rows);
      const width = gradient.length / rows.length;
      runRows.update(numbers, rows.length, width, weight, gradient.offset, ...states, ...scalars);
    }
  }

  private globalNorm(gradients: readonly Gradient[]): number {
    const squares = gradients.map(({ block: { length, offset } }) => this.kernels.sumOfSquares(length, offset));
    return Math.sqrt(squares.reduce((a, b) => a + b, 0));
  }
}
