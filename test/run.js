// Runs the tests below the given folders with Node's runner: `node test/run.js test/unit test/integration`.
// Options go to the runner. A list of files, because Node 20 does not expand patterns itself.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const parameters = process.argv.slice(2);
const options = parameters.filter((parameter) => parameter.startsWith('--'));
const files = parameters
  .filter((parameter) => !options.includes(parameter))
  .flatMap((path) =>
    path.endsWith('.test.ts')
      ? [path]
      : readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => join(path, file)),
  )
  .sort();
if (files.length === 0) {
  console.error('No test files found.');
  process.exit(1);
}
const child = spawn(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...options, ...files], {
  stdio: 'inherit',
});
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
