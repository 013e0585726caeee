/** A command that must refuse: exit code 1, one line on stderr, nothing on stdout, and nothing written. */
import assert from 'node:assert/strict';
import { runCli } from './cliProcess';
import { listing } from './workplace';

/** Runs a command in a folder and checks that it refuses with a line that has all the given parts, in their order. */
export async function refuses(
  folder: string,
  args: readonly string[],
  parts: readonly string[],
  { where = folder, input = '' } = {},
): Promise<void> {
  const before = await listing(where);
  const { code, stdout, stderr } = await runCli(args, { cwd: folder, input });
  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^[^\n]+\n$/u);
  let from = 0;
  for (const part of parts) {
    const at = stderr.indexOf(part, from);
    assert.ok(at >= 0, `${JSON.stringify(part)} is missing in: ${stderr}`);
    from = at + part.length;
  }
  assert.deepEqual(await listing(where), before);
}
