/** What a measurement tells, and the processes that make one each, so that memory is that of one row alone. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** A time, and the memory of the process that took it. */
export interface Measured {
  /** Median of a step, or the whole where there is one only. */
  readonly milliseconds: number;
  /** Largest resident memory of the process; null where the system does not tell. */
  readonly peakBytes: number | null;
}

const root = join(import.meta.dirname, '../..');
const bundles = new Map<string, Promise<string>>();

/** A program of this folder in one file, so that a compiler's memory is not counted as ours. */
function bundleOf(program: string): Promise<string> {
  let file = bundles.get(program);
  if (file === undefined) {
    const outfile = join(root, 'out/bench', program.replace(/\.ts$/, '.mjs'));
    const options = { bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external' } as const;
    file = build({ ...options, entryPoints: [join(import.meta.dirname, program)], outfile }).then(() => outfile);
    bundles.set(program, file);
  }
  return file;
}

/** Most that a program of the benchmark prints. */
const maxBuffer = 1 << 20;

/** Runs a program of this folder with a JSON argument in a process of its own; it prints what it measured. */
export async function measureApart(program: string, argument: object): Promise<Measured> {
  const args = [await bundleOf(program), JSON.stringify(argument)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer });
  return JSON.parse(stdout) as Measured;
}

/** Ends such a program: prints its time and its memory. */
export function tellMeasured(milliseconds: number): void {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ milliseconds, peakBytes } satisfies Measured));
}
