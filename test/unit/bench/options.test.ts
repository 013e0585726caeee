/** The options of the measurements, by the program as it is started. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const bench = (...args: string[]): { code: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'test/bench/bench.ts', ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
};

test('--help tells the options and measures nothing', () => {
  const { code, stdout, stderr } = bench('--help');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Usage: npm run bench -- \[OPTIONS\]\n/u);
  for (const option of ['--peer torch', '--experiment FILE', '--threads N', '--rounds N', '--json']) {
    assert.ok(stdout.includes(`\n  ${option} `), option);
  }
});

for (const [args, sentence] of [
  [['--fast'], "Unknown option '--fast'."],
  [['now'], "Unexpected argument 'now'."],
  [['--rounds', 'many'], 'The option --rounds is a whole number from 1, found "many".'],
  [['--peer', 'jax'], 'The only peer is torch, found "jax".'],
] as const) {
  test(`${args.join(' ')} is told in one sentence`, () => {
    const { code, stdout, stderr } = bench(...args);
    assert.deepEqual([code, stdout, stderr], [1, '', `${sentence} Run npm run bench -- --help for what there is.\n`]);
  });
}
