/** Measures one training row in a process of its own; its argument is `{ row, threads, replicas }`. */
import process from 'node:process';
import { tellMeasured } from './measured';
import { measureTraining } from './ours';
import type { TrainingRow } from './rows';

const { row, threads, replicas } = JSON.parse(process.argv[2]!) as {
  row: TrainingRow;
  threads: number;
  replicas: number;
};
tellMeasured(await measureTraining(row, threads, replicas));
