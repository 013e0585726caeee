/** Data files of any size with an experiment on them: made-up words, more of one kind in each class. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../src/data/random';

const wordsPerText = 20;
const vocabulary = 5000;

/** Writes `lines` examples of two classes; gives the experiment file, and the tokens of the training part. */
export async function writeTable(folder: string, lines: number): Promise<{ file: string; tokens: number }> {
  const random = createRandom(1, 'table');
  const table = createWriteStream(join(folder, `${lines}.csv`));
  table.write('text,label\n');
  for (let line = 0; line < lines; line++) {
    const label = line % 2;
    const words = Array.from({ length: wordsPerText }, () => {
      const word = random.nextInteger(vocabulary);
      return `w${random.nextFloat() < 0.7 ? word : word - (word % 2) + label}`;
    });
    if (!table.write(`${words.join(' ')},${label === 0 ? 'even' : 'odd'}\n`)) await once(table, 'drain');
  }
  table.end();
  await once(table, 'finish');
  const file = join(folder, `${lines}.rnn.json`);
  const experiment = {
    data: { train: `${lines}.csv`, validation: 0.1, test: 0 },
    features: { embedding: { size: 32 } },
    model: { cell: 'gru', hidden: 32 },
    training: { epochs: 1, earlyStopping: false },
  };
  await writeFile(file, JSON.stringify(experiment));
  return { file, tokens: Math.round(lines * 0.9) * wordsPerText };
}
