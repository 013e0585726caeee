#!/usr/bin/env node
/** Entry of the command line: hands this process' surroundings to the command line and ends with its exit code. */
import { join } from 'node:path';
import { describeData } from './cli/describeData';
import { runCli } from './cli/runCli';

void runCli(process.argv.slice(2), {
  engineScript: join(__dirname, 'engine.cjs'),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signals: process,
  describeData,
}).then((code) => {
  process.exitCode = code;
});
