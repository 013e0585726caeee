/** Starter experiments of every task: each is a complete, right experiment file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExperiment } from '../../../src/experiment/parseExperiment';
import { type StarterTask, writeStarterTask } from '../../../src/experiment/starterTasks';

const starters: readonly StarterTask[] = [
  { task: 'tagging', train: 'a.conll', tokenColumn: 1, tagColumn: 4, tags: ['O', 'B-PER'] },
  { task: 'translation', train: 'a.csv', source: 'en', target: 'fr', columns: ['en', 'fr'] },
  { task: 'languageModel', train: 'a.txt' },
  { task: 'forecasting', train: 'a.csv', time: 'ds', values: ['celsius', 'watts'], hasGaps: true },
  { task: 'forecasting', train: 'a.csv', values: ['value'], hasGaps: false },
  { task: 'series', train: 'a.ts' },
  { task: 'series', train: 'a.csv', label: 'kind' },
];

for (const starter of starters) {
  test(`a starter of ${JSON.stringify(starter)} is a right experiment`, () => {
    const text = writeStarterTask(starter);
    const { experiment } = parseExperiment(text, 'a.rnn.json');
    assert.equal(experiment.task, starter.task === 'series' ? 'classification' : starter.task);
    assert.equal(experiment.data.train, starter.train);
    assert.match(text, /^\/\/ An experiment of Sequence Lab\./u);
    assert.match(text, /\n {4}\/\/ Shares of the /u);
    const data = experiment.data as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(starter)) if (key in data) assert.deepEqual(data[key], value, key);
  });
}

test('a starter fills gaps only where there are some, and names the tags that were seen', () => {
  assert.match(writeStarterTask(starters[3]!), /"missing": "interpolate"/u);
  assert.doesNotMatch(writeStarterTask(starters[4]!), /missing|"time"/u);
  assert.match(writeStarterTask(starters[0]!), /\/\/ Seen: O, B-PER\.\n {4}"tagColumn": 4/u);
});
