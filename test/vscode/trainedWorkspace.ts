/** A small workspace with an experiment and a run that learned it, made once by the command line for a whole test file. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files that every such workspace has, by path. */
export const experiment = {
  task: 'classification',
  data: { train: 'chat.csv', text: 'message', label: 'kind', validation: 0.2, test: 0.2 },
  features: { type: 'words', minimumCount: 1, embedding: { size: 16 } },
  model: { cell: 'gru', hidden: 16, bidirectional: false, dropout: 0 },
  training: { epochs: 20, batchSize: 16, learningRate: 0.02, earlyStopping: false },
};

const kind = ['thank you so much my friend', 'what a lovely game that was', 'well played and good luck'];
const rude = ['you are the worst player', 'shut up you stupid idiot', 'uninstall this you useless noob'];

/** 120 examples of two classes that a small network tells apart with ease. */
export function trainingData(): string {
  const rows = Array.from({ length: 60 }, (_, at) => [
    `"${kind[at % 3]!}, round ${at}",fine`,
    `"${rude[at % 3]!}, round ${at}",toxic`,
  ]);
  return `message,kind\n${rows.flat().join('\n')}\n`;
}

/** Makes the workspace with the run `chat-1` in it; gives its folder. `npm run build` must have made the command line. */
export function trainWorkspace(): string {
  return trainOn({ 'chat.csv': trainingData(), 'chat.rnn.json': JSON.stringify(experiment, null, 2) });
}

/** The same with a file of texts for each class, `chat/fine.txt` and `chat/toxic.txt`, in place of a table. */
export function trainFolderWorkspace(): string {
  const texts = (of: readonly string[]) => Array.from({ length: 60 }, (_, at) => `${of[at % 3]!}, round ${at}\n`);
  const data = { train: 'chat', validation: 0.2, test: 0.2 };
  return trainOn({
    'chat/fine.txt': texts(kind).join(''),
    'chat/toxic.txt': texts(rude).join(''),
    'chat.rnn.json': JSON.stringify({ ...experiment, data }, null, 2),
  });
}

function trainOn(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sequence-lab-trained-'));
  mkdirSync(join(folder, '.vscode'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), 'train', 'chat.rnn.json'], {
    cwd: folder,
    stdio: 'pipe',
  });
  return folder;
}

/** Removes a workspace that was made here. */
export function removeWorkspace(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
