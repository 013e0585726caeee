/** Measures a training from its file to the exported model, in a process of its own; its argument is `{ file, threads }`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { trainExperiment } from '../../src/training/trainExperiment';
import { tellMeasured } from './measured';
import { replicaScript } from './ours';

const { file, threads } = JSON.parse(process.argv[2]!) as { file: string; threads: number };
const out = await mkdtemp(join(tmpdir(), 'sequence-lab-bench-'));
try {
  const start = performance.now();
  const { signal } = new AbortController();
  await trainExperiment({ experiment: file, runs: out, threads }, { replicaScript }, () => undefined, signal);
  tellMeasured(performance.now() - start);
} finally {
  await rm(out, { recursive: true, force: true });
}
