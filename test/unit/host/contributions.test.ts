/** What package.json contributes beside commands: menus, settings and the walkthrough name only what there is. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import manifest from '../../../package.json';

const { commands, configuration, menus, views, viewsWelcome, walkthroughs } = manifest.contributes;
const known = new Set(commands.map(({ command }) => command));

test('menus offer commands of ours', () => {
  for (const [menu, items] of Object.entries(menus)) {
    for (const { command } of items) assert.ok(known.has(command), `${menu}: ${command}`);
  }
});

test('every list has words for when it is empty', () => {
  for (const { id } of views.sequenceLab)
    assert.ok(
      viewsWelcome.some(({ view }) => view === id),
      id,
    );
});

test('every setting has a default within its bounds and a description', () => {
  for (const [name, setting] of Object.entries(configuration.properties)) {
    assert.match(name, /^sequenceLab\.[a-zA-Z]+$/);
    assert.match(setting.markdownDescription, /^%setting\./);
    if ('minimum' in setting) assert.ok(setting.default >= setting.minimum && setting.default <= setting.maximum, name);
  }
});

test('the walkthrough has five steps with their pictures, which commands of ours complete', () => {
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  assert.equal(steps.length, 5);
  for (const { id, media, completionEvents } of steps) {
    for (const picture of Object.values(media.image)) assert.ok(existsSync(picture), picture);
    for (const event of completionEvents) {
      const [, command] = /^onCommand:(.*)$/.exec(event) ?? [];
      assert.ok(command === undefined || known.has(command), `${id}: ${event}`);
    }
  }
});
