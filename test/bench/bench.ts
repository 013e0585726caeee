/** Measures training steps and predictions, with `--peer torch` in turn with PyTorch (A B A B); `--help` tells the options. */
import { availableParallelism, cpus } from 'node:os';
import { basename } from 'node:path';
import { measureInference, measureTraining } from './ours';
import { RealEpoch } from './epoch';
import { readOptions } from './options';
import { TorchPeer } from './peer';
import { inferenceRows, median, trainingRows } from './rows';

const values = readOptions(process.argv.slice(2));
const { threads = availableParallelism(), rounds } = values;
const peer = values.peer === 'torch' ? await TorchPeer.start() : null;
const say = (text: string): void => {
  if (!values.json) console.log(text);
};

say(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, Node ${process.versions.node}, medians of ${rounds} rounds in turn`,
);
if (values.peer !== undefined && peer === null) {
  say('PyTorch is not installed: run `npm run test:parity` once to install it; these are our numbers alone.');
}
if (peer !== null) say(`Peer: PyTorch ${peer.version}`);

interface Result {
  readonly name: string;
  /** Tokens of one step or pass. */
  readonly tokens: number;
  readonly ours: number;
  readonly theirs: number | null;
}

/** Measures both sides in turn, so that what else the machine does meets both alike. */
async function inTurn(
  name: string,
  tokens: number,
  ours: () => Promise<number>,
  theirs: (() => Promise<number>) | null,
): Promise<void> {
  const [mine, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    mine.push(await ours());
    if (theirs !== null) others.push(await theirs());
  }
  tell({ name, tokens, ours: median(mine), theirs: theirs === null ? null : median(others) });
}

function tell(result: Result): void {
  if (values.json) {
    console.log(
      JSON.stringify({ ...result, threads, ratio: result.theirs === null ? null : result.theirs / result.ours }),
    );
    return;
  }
  const speed = Math.round((result.tokens / result.ours) * 1000).toLocaleString('en');
  const ratio =
    result.theirs === null
      ? ''
      : `  PyTorch ${result.theirs.toFixed(2).padStart(8)} ms  ratio ${(result.theirs / result.ours).toFixed(2)}`;
  console.log(
    `${result.name.padEnd(44)} ${result.ours.toFixed(2).padStart(8)} ms ${speed.padStart(9)} tokens/s${ratio}`,
  );
}

async function measureRows(): Promise<void> {
  for (const row of trainingRows) {
    const replicas = Math.min(threads, Math.floor(row.batch / 8));
    await inTurn(
      `train ${row.cell} hidden ${row.hidden} batch ${row.batch} × ${row.time}`,
      row.batch * row.time,
      async () => (await measureTraining(row, threads, replicas)).milliseconds,
      peer === null ? null : () => peer.measure('train', row, threads),
    );
  }
  for (const row of inferenceRows) {
    await inTurn(
      `predict ${row.texts} × ${row.time}, BiLSTM hidden 128`,
      row.texts * row.time,
      () => measureInference(row, threads),
      peer === null ? null : () => peer.measure('infer', row, threads),
    );
  }
}

/** An epoch of real data, from batches to updates. */
async function measureEpoch(file: string): Promise<void> {
  const epoch = await RealEpoch.load(file, threads);
  try {
    const row = peer === null ? null : await epoch.peerRow();
    await inTurn(
      `one epoch of ${basename(file)}`,
      epoch.tokens,
      () => epoch.ours(threads),
      peer === null ? null : () => peer.measure('epoch', row!, threads),
    );
  } finally {
    await epoch.dispose();
  }
}

await (values.experiment === undefined ? measureRows() : measureEpoch(values.experiment));
peer?.close();
