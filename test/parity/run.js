// Makes a Python environment with PyTorch and ONNX's tools if there is none, then runs the tests that compare with them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const folder = import.meta.dirname;
const requirements = join(folder, 'requirements.txt');
const environment = join(folder, '.venv');
const python = join(environment, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
/** A copy of the requirements, written once they are installed: an interrupted or older installation starts afresh. */
const installed = join(environment, 'installed.txt');

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function isInstalled() {
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(requirements, 'utf8');
}

/** Where to look for a Python to start from. */
const commands = process.env.PYTHON === undefined ? ['python3', 'python'] : [process.env.PYTHON];

function findPython() {
  const enough = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  return commands.find((command) => spawnSync(command, ['-c', enough]).status === 0);
}

function install() {
  const base = findPython();
  if (base === undefined) {
    fail(
      `The parity tests compare with PyTorch and need Python 3.11 or newer with venv, not found as ${commands.join(' or ')}; ` +
        'install it, or name it in the environment variable PYTHON.',
    );
  }
  console.log(`Installing ${requirements} into ${environment}: done once, and takes some minutes.`);
  rmSync(environment, { recursive: true, force: true });
  const steps = [
    [base, ['-m', 'venv', environment]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]],
  ];
  for (const [command, parameters] of steps) {
    if (spawnSync(command, parameters, { stdio: 'inherit' }).status !== 0) {
      fail(`The packages of ${requirements} could not be installed: see the messages above.`);
    }
  }
  copyFileSync(requirements, installed);
}

if (!isInstalled()) install();
const tests = spawnSync(process.execPath, [join(folder, '..', 'run.js'), folder], {
  stdio: 'inherit',
  env: { ...process.env, PARITY_PYTHON: python },
});
process.exit(tests.status ?? 1);
