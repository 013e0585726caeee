/** A process that takes the lock of the folder it is given and tells the outcome; a winner waits to be killed. */
import { acquireLock } from '../../../src/runs/runLock';

const folder = process.argv[2]!;
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  acquireLock(folder).then(
    () => {
      process.stdout.write('held\n');
    },
    (error: unknown) => {
      process.stdout.write(`refused: ${String(error)}\n`);
      process.exit(0);
    },
  );
});
