/** Holds the sample of small stories against what its README promises; must not need a build. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSmallStories } from '../../../media/samples/small-stories/build';
import { parseExperiment } from '../../../src/experiment/parseExperiment';

describe('the sample small-stories', () => {
  let folder: string;
  let text: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-stories-'));
    await buildSmallStories(folder);
    text = await readFile(join(folder, 'stories.txt'), 'utf8');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is the same in every build', async () => {
    await buildSmallStories(folder);
    assert.equal(await readFile(join(folder, 'stories.txt'), 'utf8'), text);
  });

  it('has as many stories and characters as its README says', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    for (const count of [text.split('\n\n').length, text.length]) {
      assert.ok(readme.includes(count.toLocaleString('en')), `${count} is missing from the README`);
    }
  });

  it('keeps to its hero from the first sentence to the last', () => {
    for (const story of text.split('\n\n')) {
      const [, name, his, thing] = /([A-Z]\w+) could not find (his|her) (.+?)\./u.exec(story)!;
      const he = his === 'his' ? 'He' : 'She';
      assert.ok(story.includes(`${he} went home with the ${thing!}, and`), story);
      assert.ok(story.split(name!).length > 2, story);
      assert.doesNotMatch(story, /\b[Aa] [aeiou]|\b[Aa]n [^aeiou]/u);
    }
  });

  it('has an experiment that is understood', async () => {
    const { experiment } = parseExperiment(
      await readFile(join(folder, 'small-stories.rnn.json'), 'utf8'),
      'small-stories.rnn.json',
    );
    assert.equal(experiment.task, 'languageModel');
    assert.equal(experiment.data.train, 'stories.txt');
  });
});
