/** Programs of threads in one file each: Node.js 20 runs no TypeScript in threads. */
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** Bundles a TypeScript file, by its path from the project's root; gives the path of the program. */
export async function threadProgram(source: string): Promise<string> {
  // Within the project, where the runtime's package is found.
  const outfile = join(root, 'out/test', basename(source).replace(/\.ts$/, '.cjs'));
  await build({
    entryPoints: [join(root, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
  });
  return outfile;
}
