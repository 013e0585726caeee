/** package.json and the command table name the same commands, so that none is offered that does nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json';
import english from '../../../package.nls.json';
import { commandIds } from '../../../src/host/commandIds';

test('package.json contributes exactly the commands of the table', () => {
  const contributed = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual([...contributed].sort(), [...commandIds].sort());
});

test('every command has a title of its own under one category', () => {
  const texts: Readonly<Record<string, string>> = english;
  const titles = manifest.contributes.commands.map(({ title }) => texts[title.replaceAll('%', '')] ?? '');
  assert.equal(new Set(titles).size, titles.length);
  for (const title of titles) assert.match(title, /^[A-Z]/);
  for (const { category } of manifest.contributes.commands) assert.equal(category, 'Sequence Lab');
});

test('the extension wakes for its commands, its panel, experiment files and the runs of a folder', () => {
  assert.deepEqual(manifest.activationEvents, [
    'onWebviewPanel:sequenceLab.trainingPanel',
    'onLanguage:jsonc',
    'workspaceContains:.sequence-lab/runs',
  ]);
});
