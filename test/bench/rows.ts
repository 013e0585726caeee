/** What the benchmark measures: the same rows for us and for the peer. */
import { type CellName, cells } from '../../src/nn/cells/cells';

/** One training step: an embedding, one recurrent layer, two classes on the last state; full-length sequences. */
export interface TrainingRow {
  readonly cell: CellName;
  readonly vocabulary: number;
  readonly embedding: number;
  readonly hidden: number;
  readonly batch: number;
  /** Tokens of each sequence. */
  readonly time: number;
  /** Timed steps of one round. */
  readonly steps: number;
}

/** Operations of a step's matrix products: from input and state to the gates, forwards, and twice as much backwards. */
export function productOperations({ cell, embedding, hidden, batch, time }: TrainingRow): number {
  return 6 * cells[cell].gates * hidden * (embedding + hidden) * batch * time;
}

function row(
  cell: CellName,
  vocabulary: number,
  embedding: number,
  hidden: number,
  batch: number,
  time: number,
): TrainingRow {
  return { cell, vocabulary, embedding, hidden, batch, time, steps: hidden < 256 ? 100 : hidden < 512 ? 10 : 5 };
}

export const trainingRows: readonly TrainingRow[] = [
  row('rnn', 10_000, 100, 128, 32, 64),
  row('gru', 10_000, 100, 128, 32, 64),
  row('lstm', 10_000, 100, 128, 32, 64),
  row('lstm', 5_000, 64, 64, 32, 40),
  row('lstm', 20_000, 128, 256, 64, 100),
  row('lstm', 20_000, 256, 512, 64, 128),
  row('gru', 20_000, 128, 256, 64, 100),
  row('gru', 20_000, 256, 512, 64, 128),
];

/** The network whose sizes are doubled one at a time. */
const small = row('lstm', 10_000, 64, 64, 32, 40);

/** What a doubling of one size costs: rows by the size that grows. */
export const growthRows: Readonly<Record<string, readonly TrainingRow[]>> = {
  hidden: [64, 128, 256, 512].map((hidden) => ({ ...small, hidden })),
  length: [40, 80, 160, 320].map((time) => ({ ...small, time })),
  batch: [32, 64, 128, 256].map((batch) => ({ ...small, batch })),
  vocabulary: [10_000, 20_000, 40_000, 80_000].map((vocabulary) => ({ ...small, vocabulary })),
};

/** Lines of the data files that grow. */
export const dataSizes: readonly number[] = [10_000, 20_000, 40_000, 80_000];

/** One text, or many, through a bidirectional LSTM: embedding 100, hidden 128, two classes. */
export interface InferenceRow {
  readonly texts: number;
  readonly time: number;
  readonly rounds: number;
}

export const inferenceRows: readonly InferenceRow[] = [
  { texts: 1, time: 20, rounds: 200 },
  { texts: 1, time: 200, rounds: 60 },
  { texts: 1000, time: 20, rounds: 5 },
];

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}
