/** Folders with small data sets and experiments for the tests; the same numbers every time. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom } from '../../src/data/random';
import { decodeModel } from '../../src/onnx/decode';
import { readCheckpoint } from '../../src/runs/checkpointFile';

/** A folder of a test's own. */
export interface Workplace {
  readonly folder: string;
  /** Absolute path of a file in it. */
  path(...parts: string[]): string;
  /** Writes a file and the folders above it. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  read(...parts: string[]): Promise<string>;
  /** Removes all of it. */
  remove(): Promise<void>;
}

export async function makeWorkplace(name = 'sequence-lab-'): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), name));
  return workplaceAt(folder);
}

/** A folder that is there already as a workplace. */
export function workplaceAt(folder: string): Workplace {
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    write: async (file, content) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), content);
    },
    read: (...parts) => readFile(join(folder, ...parts), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Row {
  readonly text: string;
  readonly label: string;
}

const fillers = ['the', 'a', 'film', 'food', 'day', 'was', 'is', 'very', 'quite', 'and'];
const telling: Readonly<Record<string, readonly string[]>> = {
  negative: ['bad', 'awful', 'poor', 'nasty', 'ugly', 'sad'],
  positive: ['good', 'great', 'fine', 'lovely', 'nice', 'super'],
};

/** Sentences of 4 to 11 words, one of which tells the class; both classes are equally frequent. */
export function sentences(count: number, seed = 1): Row[] {
  const random = createRandom(seed, 'sentences');
  const pick = (words: readonly string[]): string => words[random.nextInteger(words.length)]!;
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2 === 0 ? 'negative' : 'positive';
    const words = Array.from({ length: 3 + random.nextInteger(8) }, () => pick(fillers));
    words.splice(random.nextInteger(words.length), 0, pick(telling[label]!));
    return { text: words.join(' '), label };
  });
}

const quoted = (field: string): string => (/[",\r\n]/u.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

export function csv(rows: readonly Row[], lineBreak = '\n'): string {
  return ['text,label', ...rows.map(({ text, label }) => `${quoted(text)},${quoted(label)}`), ''].join(lineBreak);
}

interface Settings {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly features?: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
}

/** The text of an experiment with a tiny model on `data.csv`; settings replace those of the same name. */
export function experiment(settings: Settings = {}): string {
  return JSON.stringify({
    data: { train: 'data.csv', ...settings.data },
    features: { embedding: { size: 8 }, ...settings.features },
    model: { hidden: 8, ...settings.model },
    training: { epochs: 3, batchSize: 16, learningRate: 0.02, replicas: 1, ...settings.training },
  });
}

/** The tensors of an exported model by name. */
export async function modelTensors(path: string): Promise<Map<string, unknown>> {
  return new Map(decodeModel(await readFile(path), path).tensors);
}

/** The tensors of a checkpoint by name. */
export async function checkpointTensors(path: string): Promise<Map<string, unknown>> {
  const checkpoint = await readCheckpoint(path);
  if (checkpoint === null) throw new Error(`there is no checkpoint at ${path}`);
  return new Map(checkpoint.tensors);
}

/** Every file and folder below a folder with size and time of change. */
export async function listing(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const lines = names.map(async (name) => {
    const found = await stat(join(folder, name));
    return `${name} ${found.isDirectory() ? 'folder' : `${found.size} ${found.mtimeMs}`}`;
  });
  return (await Promise.all(lines)).sort();
}
