/** The demonstration: trains the two samples by the command line, then uses the models on texts that they never saw. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeData } from './cli/describeData';
import { runCli } from './cli/runCli';
import { parseExperiment } from './experiment/parseExperiment';
import { isTextClassification, isVectorClassification } from './experiment/experimentKinds';
import { type ExampleText, readExampleTexts } from './training/exampleTexts';
import { loadExperimentData } from './training/experimentData';

interface Demonstration {
  readonly sample: string;
  /** Texts typed for the occasion. */
  readonly texts: readonly string[];
}

const demonstrations: readonly Demonstration[] = [
  { sample: 'word-language', texts: ['seashore', 'bibliothèque', 'mañana', 'thunder', 'chuchotement', 'zapatero'] },
  {
    sample: 'chat-toxicity',
    texts: [
      'good game everyone, that last round was close',
      'you are the worst player I have ever seen, just quit',
      'this boss is stupid hard but I love it',
      'not bad at all for a first try',
      'nobody asked for your opinion, loser',
    ],
  },
];

/** Examples of the test part to show. */
const heldOut = 5;

async function run(arguments_: readonly string[]): Promise<void> {
  const code = await runCli(arguments_, {
    engineScript: join(__dirname, 'engine.cjs'),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signals: process,
    describeData,
  });
  if (code !== 0) process.exit(code);
}

/** Some examples that training does not see: the data is divided as the run will divide it. */
async function heldOutExamples(folder: string, file: string): Promise<readonly ExampleText[]> {
  const { experiment } = parseExperiment(await readFile(file, 'utf8'), file);
  if (!isTextClassification(experiment) || isVectorClassification(experiment)) {
    throw new Error(`${file} is not about sequences.`);
  }
  const { data } = await loadExperimentData(experiment, folder, () => undefined, new AbortController().signal);
  try {
    const { examples } = data.parts.test;
    const stride = Math.max(1, Math.floor(examples.length / heldOut));
    const chosen = examples.filter((_, at) => at % stride === 0).slice(0, heldOut);
    return await readExampleTexts(data, chosen, experiment, folder);
  } finally {
    data.dispose();
  }
}

async function demonstrate({ sample, texts }: Demonstration, runs: string): Promise<void> {
  const folder = join(__dirname, 'samples', sample);
  const file = join(folder, `${sample}.rnn.json`);
  console.log(`\n── ${sample} ${'─'.repeat(Math.max(0, 70 - sample.length))}\n`);
  await run(['train', file, '--out', runs]);
  const model = join(runs, `${sample}-1`, 'model.onnx');
  const examples = await heldOutExamples(folder, file);
  console.log(`\nHeld-out texts; their labels are ${examples.map(({ label }) => label).join(', ')}:`);
  await run(['predict', model, ...examples.flatMap(({ text }) => ['--text', text])]);
  console.log('\nTyped texts:');
  await run(['predict', model, ...texts.flatMap((text) => ['--text', text])]);
}

async function main(): Promise<void> {
  const started = performance.now();
  const runs = await mkdtemp(join(tmpdir(), 'sequence-lab-demo-'));
  try {
    for (const demonstration of demonstrations) await demonstrate(demonstration, runs);
  } finally {
    await rm(runs, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\nTwo models trained, exported and used in ${seconds} s.`);
}

void main();
