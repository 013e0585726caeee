/** `npm run bench`: measures training steps, predictions, growth and start-up, with `--peer torch` in turn with PyTorch (A B A B). */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RealEpoch } from './epoch';
import { measureMatrixPeak } from './matrixPeak';
import { type Measured, measureApart } from './measured';
import { measureInference } from './ours';
import { readOptions } from './options';
import { type PeerWork, TorchPeer } from './peer';
import { BenchReport } from './report';
import {
  dataSizes,
  growthRows,
  inferenceRows,
  median,
  productOperations,
  type TrainingRow,
  trainingRows,
} from './rows';
import { ChatSample } from './startUp';
import { writeTable } from './syntheticTable';

const options = readOptions(process.argv.slice(2));
const { rounds } = options;
const threads = options.threads ?? availableParallelism();
const peer = options.peer === 'torch' ? await TorchPeer.find() : null;
const report = new BenchReport(options.json);

report.heading({
  processor: cpus()[0]?.model ?? 'unknown processor',
  threads,
  node: process.versions.node,
  rounds,
  ...(peer !== null && { torch: peer.version }),
});
if (options.peer !== undefined && peer === null) {
  report.note('PyTorch is not installed: run `npm run test:parity` once to install it; these are our numbers alone.');
}

const medianOf = (found: readonly Measured[]): Measured => ({
  milliseconds: median(found.map(({ milliseconds }) => milliseconds)),
  peakBytes: found.some(({ peakBytes }) => peakBytes === null)
    ? null
    : median(found.map(({ peakBytes }) => peakBytes!)),
});

/** Measures both sides in turn, so that what else the machine does meets both alike. */
async function inTurn(
  name: string,
  tokens: number | null,
  ours: () => Promise<Measured>,
  theirs: { readonly kind: PeerWork; readonly row: object } | null,
  limit: number | null = null,
): Promise<void> {
  if (!options.wants(name)) return;
  const [mine, others]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    mine.push(await ours());
    if (theirs !== null && peer !== null) others.push(await peer.measure(theirs.kind, theirs.row, threads));
  }
  report.row({ name, tokens, ours: medianOf(mine), theirs: others.length === 0 ? null : medianOf(others), limit });
}

/** GFLOPS of a large matrix product by threads. */
const peaks = new Map<number, number>();

/** A time of this process, whose memory says nothing. */
const timed = (milliseconds: number): Measured => ({ milliseconds, peakBytes: null });

async function trainingRow(name: string, row: TrainingRow, use = threads): Promise<void> {
  const replicas = Math.max(1, Math.min(use, Math.floor(row.batch / 8)));
  const ours = () => measureApart('trainingRow.ts', { row, threads: use, replicas });
  const limit = productOperations(row) / peaks.get(use)! / 1e6;
  await inTurn(name, row.batch * row.time, ours, use === threads ? { kind: 'train', row } : null, limit);
}

async function measureRows(): Promise<void> {
  report.section('Training steps: batch, gradients, clipping, Adam');
  for (const row of trainingRows) {
    await trainingRow(`train ${row.cell} hidden ${row.hidden} batch ${row.batch} × ${row.time}`, row);
  }
  const scaled = trainingRows.find(({ cell, hidden }) => cell === 'lstm' && hidden === 128)!;
  await trainingRow('train lstm hidden 128 on one thread', scaled, 1);
  report.section('Predictions: BiLSTM of hidden 128');
  for (const row of inferenceRows) {
    const ours = async () => timed(await measureInference(row, threads));
    await inTurn(`predict ${row.texts} × ${row.time}`, row.texts * row.time, ours, { kind: 'infer', row });
  }
}

async function measureGrowth(): Promise<void> {
  for (const [size, rows] of Object.entries(growthRows)) {
    report.section(`Growth with ${size}: one LSTM step`);
    for (const row of rows) {
      const value = { hidden: row.hidden, length: row.time, batch: row.batch, vocabulary: row.vocabulary }[size];
      await trainingRow(`growth ${size} ${value!.toLocaleString('en')}`, row);
    }
  }
  report.section('Growth with data: from the file to the model, one epoch of a GRU of hidden 32');
  const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-bench-'));
  try {
    for (const lines of dataSizes) {
      const name = `growth data ${lines.toLocaleString('en')} lines`;
      if (!options.wants(name)) continue;
      const { file, tokens } = await writeTable(folder, lines);
      await inTurn(name, tokens, () => measureApart('wholeTraining.ts', { file, threads }), null);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureStartUp(): Promise<void> {
  report.section('Start-up at the command line, chat sample');
  const [first, classify] = ['start to the first training step', 'start to the class of a text, to the end'];
  if (!options.wants(first) && !options.wants(classify)) return;
  const sample = await ChatSample.make();
  try {
    await inTurn(first, null, async () => timed(await sample.firstStep()), null);
    if (!options.wants(classify)) return;
    await sample.train();
    await inTurn(classify, null, async () => timed(await sample.classify()), null);
  } finally {
    await sample.remove();
  }
}

/** Data of one's own: an epoch of steps in turn with the peer, and all of a training. */
async function measureExperiment(file: string): Promise<void> {
  report.section(`Real data: ${basename(file)}`);
  const epoch = await RealEpoch.load(file, threads);
  try {
    const row = peer === null ? null : await epoch.peerRow();
    const ours = async () => timed(await epoch.ours(threads));
    await inTurn('one epoch of steps', epoch.tokens, ours, row === null ? null : { kind: 'epoch', row });
    const name = 'from the file to the model, one epoch';
    if (!options.wants(name)) return;
    const once = await epoch.oneEpochFile();
    await inTurn(name, epoch.tokens, () => measureApart('wholeTraining.ts', { file: once, threads }), null);
  } finally {
    await epoch.dispose();
  }
}

if (options.experiment !== undefined) {
  await measureExperiment(options.experiment);
} else {
  report.section('The machine');
  for (const use of new Set([1, threads])) {
    const peak = await measureMatrixPeak(use);
    peaks.set(use, peak);
    report.peak(use, peak);
  }
  await measureRows();
  await measureGrowth();
  await measureStartUp();
}
