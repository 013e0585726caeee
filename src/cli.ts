#!/usr/bin/env node
/** Entry of the command line: hands this process' surroundings to the command line and ends with its exit code. */
import { join } from 'node:path';
import { asksForEngine } from './cli/commandLine';
import { forkEngine } from './engine/forkEngine';

const argv = process.argv.slice(2);
const engineScript = join(__dirname, 'engine.cjs');
// The engine loads while this process loads its own part.
const engineProcess = asksForEngine(argv) ? forkEngine({ script: engineScript }) : undefined;

void Promise.all([import('./cli/runCli'), import('./cli/describeData')]).then(
  async ([{ runCli }, { describeData }]) => {
    process.exitCode = await runCli(argv, {
      engineScript,
      ...(engineProcess === undefined ? {} : { engineProcess }),
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      signals: process,
      describeData,
    });
  },
);
