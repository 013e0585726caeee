/** Runs the Python programs of the parity tests; knows nothing of what they are asked. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The Python that the script of the parity tests has prepared. */
function python(): string {
  const path = process.env['PARITY_PYTHON'];
  if (path === undefined) throw new Error('Run the parity tests by `npm run test:parity`, which prepares Python.');
  return path;
}

/** Runs a program of this folder on a file or folder of questions; throws where it fails, its messages are printed. */
export function runPython(script: string, questions: string): void {
  const args = [join(import.meta.dirname, script), questions];
  const { status, error } = spawnSync(python(), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${script} ended with code ${status ?? 'none'}; its messages are above.`);
}
