/** What the box "Try it" asks and shows: by task, with the active models, and only the latest answer. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { type BoxRun, TryIt } from '../../../media/src/tryItModel';
import type { PanelMessage } from '../../../src/panelMessages';
import type { Task } from '../../../src/protocol';
import type { BoxAnswer, BoxModels } from '../../../src/tryItMessages';

const french = { name: 'french-1', inputs: 'texts' } as const;
const models: BoxModels = {
  classification: { name: 'chat-1', inputs: 'texts' },
  translation: french,
  languageModel: { name: 'story-1', inputs: 'texts' },
};
const run = (task: Task, change: Partial<BoxRun> = {}): BoxRun => ({
  ...{ id: `/${task}`, name: task, task, inputs: 'texts', hasModel: true },
  ...change,
});
const translated = (translation: string): BoxAnswer => ({
  task: 'translation',
  translated: { translation, sentences: [] },
});

/** A box on a page with these runs, the first of which is selected. */
function setUp(...runs: BoxRun[]) {
  let state: { tried: Partial<Record<Task, string>>; triedTask: Task | null } = { tried: {}, triedTask: null };
  const told: PanelMessage[] = [];
  const box = new TryIt({
    tell: (message) => told.push(message),
    changed: () => undefined,
    state: () => state,
    set: (change) => {
      state = { ...state, ...change };
    },
    runs: () => runs,
    selected: () => runs[0],
  });
  return { box, told, last: () => told.at(-1) };
}

describe('the box "Try it"', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it('follows the selected run, else a task that has a model, and can be told another', () => {
    const { box } = setUp(run('tagging'), run('forecasting', { inputs: 'numbers' }));
    assert.equal(box.task, 'tagging');
    box.receive({ type: 'models', models });
    assert.deepEqual(box.choices, ['classification', 'tagging', 'translation', 'languageModel', 'forecasting']);
    assert.equal(box.usableRun?.name, 'tagging');
    box.choose('forecasting');
    assert.deepEqual([box.task, box.isAboutNumbers], ['forecasting', true]);
    const { box: alone } = setUp();
    assert.equal(alone.task, 'classification');
    alone.receive({ type: 'models', models: { translation: french } });
    assert.equal(alone.task, 'translation');
  });

  it('asks once the keys are silent, and takes the answer to the last text alone', () => {
    const { box, told } = setUp(run('translation'));
    box.receive({ type: 'models', models });
    box.type('the c');
    mock.timers.tick(200);
    box.type('the cat');
    mock.timers.tick(200);
    assert.deepEqual(told, []);
    mock.timers.tick(60);
    box.type('the dog');
    mock.timers.tick(260);
    assert.deepEqual(told, [
      { type: 'ask', id: 1, task: 'translation', text: 'the cat' },
      { type: 'ask', id: 2, task: 'translation', text: 'the dog' },
    ]);
    box.receive({ type: 'answer', id: 2, answer: translated('le chien'), problem: null });
    box.receive({ type: 'answer', id: 1, answer: translated('le chat'), problem: null });
    assert.deepEqual(box.answered, {
      text: 'the dog',
      model: 'french-1',
      answer: translated('le chien'),
      problem: null,
    });
    box.type('  ');
    mock.timers.tick(260);
    assert.equal(box.answered, undefined);
    assert.equal(told.length, 2);
  });

  it('asks anew with another model, and after a problem with any', () => {
    const { box, told } = setUp(run('classification'));
    box.receive({ type: 'models', models });
    box.type('hello');
    mock.timers.tick(60);
    box.receive({ type: 'answer', id: 1, answer: null, problem: 'The file is damaged.' });
    assert.equal(box.answered?.problem, 'The file is damaged.');
    box.refresh();
    assert.equal(told.length, 1);
    box.receive({ type: 'models', models });
    assert.equal(told.length, 2);
    box.receive({ type: 'models', models: { classification: { name: 'chat-2', inputs: 'texts' } } });
    assert.equal(told.length, 3);
    box.receive({ type: 'models', models: {} });
    box.receive({ type: 'models', models });
    assert.deepEqual(told.at(-1), { type: 'ask', id: 4, task: 'classification', text: 'hello' });
  });

  it('asks nothing of a model that reads numbers', () => {
    const { box, told } = setUp(run('classification', { inputs: 'numbers' }));
    box.receive({ type: 'models', models: { classification: { name: 'waves-1', inputs: 'numbers' } } });
    assert.ok(box.isAboutNumbers);
    box.type('hello');
    mock.timers.tick(60);
    assert.deepEqual(told, []);
  });

  it('shows what a command made of a selection, an old one only where nothing was typed', () => {
    const { box, told } = setUp(run('classification'));
    box.receive({ type: 'models', models });
    const selection = { type: 'selection', text: 'the cat', model: 'french-1', isNew: false } as const;
    box.receive({ ...selection, answer: translated('le chat') });
    assert.equal(box.task, 'classification');
    box.choose('translation');
    assert.equal(box.text, 'the cat');
    assert.deepEqual(box.answered?.answer, translated('le chat'));
    box.type('the dog');
    box.receive({ ...selection, answer: translated('le chat') });
    assert.equal(box.text, 'the dog');
    box.choose('classification');
    box.receive({ ...selection, answer: translated('le chat'), isNew: true });
    assert.deepEqual([box.task, box.text], ['translation', 'the cat']);
    mock.timers.tick(500);
    assert.ok(!told.some((message) => message.type === 'ask' && message.text === 'the cat'));
  });

  it('lets a language model go on, stop and start over, and asks for nothing while somebody types', () => {
    const { box, told, last } = setUp(run('languageModel'));
    box.receive({ type: 'models', models });
    box.type('The cat');
    mock.timers.tick(1000);
    assert.deepEqual(told, []);
    box.continue();
    box.receive({ type: 'continued', id: 1, text: ' sees' });
    box.stop();
    box.receive({ type: 'continued', id: 1, text: ' late' });
    box.receive({ type: 'continuedEnd', id: 1, problem: null });
    assert.deepEqual(box.continuation, { text: ' sees', isRunning: false, problem: null });
    box.continue();
    box.receive({ type: 'continued', id: 2, text: ' the sun.' });
    box.receive({ type: 'continuedEnd', id: 2, problem: null });
    assert.equal(box.continuation.text, ' sees the sun.');
    assert.deepEqual(told, [
      { type: 'continue', id: 1, text: 'The cat' },
      { type: 'stopContinuing' },
      { type: 'continue', id: 2, text: 'The cat sees' },
    ]);
    box.continue();
    box.type('The dog');
    assert.deepEqual(last(), { type: 'stopContinuing' });
    assert.equal(box.continuation.text, '');
    box.continue();
    box.choose('translation');
    assert.equal(box.continuation.isRunning, false);
  });
});
