/** Services with visible behaviour for the tests of client, server and command line: no model, but a real process. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineServices } from '../../../src/engine/services';
import { UserError } from '../../../src/errors';
import { sentence } from '../../../src/sentence';
import type { ClassificationMetrics, DataSummary, Report, TrainingResult } from '../../../src/protocol';

export const data: DataSummary = {
  classes: [
    { label: 'calm', count: 60 },
    { label: 'toxic', count: 40 },
  ],
  examples: { train: 80, validation: 10, test: 10 },
  vocabulary: 1234,
  coverage: 0.98,
  duplicatesAcrossParts: 0,
  vectorsFound: null,
};

export const metrics: ClassificationMetrics = {
  loss: 0.25,
  accuracy: 0.9,
  macroF1: 0.875,
  perClass: [
    { label: 'calm', precision: 0.9, recall: 0.95, f1: 0.924, support: 6 },
    { label: 'toxic', precision: 0.88, recall: 0.8, f1: 0.838, support: 4 },
  ],
  confusion: [
    [6, 0],
    [1, 3],
  ],
};

/** A report of a run that ended with `status` after `steps` steps. */
export function report(status: Report['status'], steps: number): Report {
  return {
    experimentFile: '/experiments/spam.rnn.json',
    status,
    task: 'classification',
    best: status === 'finished' ? { epoch: 2, validation: metrics } : null,
    test: status === 'finished' ? metrics : null,
    epochs: 2,
    steps,
    tokensPerSecond: 12_345.6,
    seconds: 75,
    parameters: 98_765,
    data,
    ...(status === 'failed' ? { message: 'The loss became NaN at step 3; lower training.learningRate.' } : {}),
  };
}

/** The experiment's name chooses what happens: see each case. */
export const fakeServices: EngineServices = {
  async train({ experiment }, tell, signal): Promise<TrainingResult> {
    if (experiment === 'mistake') {
      throw new UserError(sentence`found ${'"gru2"'}, expected rnn, gru or lstm.`, {
        file: 'a.rnn.json',
        line: 3,
        column: 7,
        key: 'model.cell',
      });
    }
    if (experiment === 'environment') {
      throw new Error(`${process.env['TEST_WORD'] ?? ''} ${process.execArgv.length}`);
    }
    if (experiment === 'early') {
      await delay(60_000, undefined, { signal });
    }
    const directory = `runs/${experiment}-1`;
    tell({ type: 'phase', phase: 'reading', fraction: 0.5 });
    tell({
      type: 'run',
      name: `${experiment}-1`,
      directory,
      data,
      parameters: 98_765,
      epochs: 2,
      stepsPerEpoch: 10,
      resumedAt: 0,
    });
    const end = experiment === 'endless' ? Infinity : 20;
    for (let step = 1; step <= end; step++) {
      tell({
        type: 'step',
        step,
        epoch: step <= 10 ? 1 : 2,
        loss: experiment === 'diverging' ? NaN : 2 / step,
        gradientNorm: 1,
        learningRate: 0.001,
        tokens: 100,
        steps: 20,
        tokensPerSecond: 12_345.6,
        secondsLeft: step < 3 ? null : 20 - step,
      });
      if (step === 10 || step === 20) {
        const best = step === 20;
        tell({ type: 'epoch', epoch: step / 10, steps: step, trainingLoss: 0.5, validation: metrics, best });
      }
      if (experiment === 'deaf') {
        for (;;) {
          // Blocks the event loop as a native call that does not return.
        }
      }
      await (experiment === 'endless' ? delay(5) : new Promise((resolve) => setImmediate(resolve)));
      if (signal.aborted) {
        tell({ type: 'checkpoint', step });
        return { name: `${experiment}-1`, directory, model: null, report: report('stopped', step) };
      }
    }
    if (experiment === 'failing') {
      return { name: 'failing-1', directory, model: null, report: report('failed', 3) };
    }
    return {
      name: `${experiment}-1`,
      directory,
      model: `${directory}/model.onnx`,
      report: report('finished', 20),
    };
  },

  async predict({ model, texts, explain }, signal) {
    switch (model) {
      case 'exit':
        console.error('about to leave');
        return process.exit(7);
      case 'sigkill':
        process.kill(process.pid, 'SIGKILL');
        await delay(60_000);
        break;
      case 'wait':
        await delay(60_000, undefined, { signal });
        break;
      case 'fault':
        throw new RangeError('index 9 is outside of 0…8', { cause: new Error('the first cause') });
    }
    return texts.map((text) => {
      const toxic = text.includes('idiot');
      const other = toxic ? 'calm' : 'toxic';
      const label = toxic ? 'toxic' : 'calm';
      return {
        label,
        probability: 0.875,
        classes: [
          { label, probability: 0.875 },
          { label: other, probability: 0.125 },
        ],
        ...(explain === true
          ? { tokens: [{ text, start: 0, end: text.length, influence: 0.5, known: text !== 'unheard' }] }
          : {}),
      };
    });
  },

  tag({ texts }) {
    return Promise.resolve(
      texts.map((text) => ({
        tokens: [{ text, start: 0, end: text.length, tag: 'B-all', probability: 0.5, known: true }],
        spans: [{ type: 'all', text, start: 0, end: text.length, probability: 0.5 }],
      })),
    );
  },

  translate({ texts }) {
    return Promise.resolve(
      texts.map((text) => ({
        text: text.toUpperCase(),
        probability: 0.5,
        source: [text],
        target: [text.toUpperCase()],
        sourceStarts: [true],
        targetStarts: [true],
        attention: [[1]],
      })),
    );
  },

  async generate({ prompt, length = 2, seed = 7 }, tell, signal) {
    for (let at = 0; at < length; at++) {
      tell({ text: prompt, tokens: 1 });
      await delay(1, undefined, { signal });
    }
    return { text: prompt.repeat(length), tokens: length, seed };
  },

  async evaluate({ data: path, text, label }, tell, signal) {
    if (path === 'wait') {
      await delay(60_000, undefined, { signal });
    }
    if (path === 'missing.csv') {
      throw new UserError('there is no such file.', { file: path });
    }
    tell(0.5);
    tell(1);
    return { task: 'classification', examples: text === undefined && label === undefined ? 10 : 11, metrics };
  },

  predictSeries({ data: file }) {
    const classes = [
      { label: 'calm', probability: 0.75 },
      { label: 'toxic', probability: 0.25 },
    ];
    return Promise.resolve([{ file, line: 6, length: 100, truth: 'toxic', ...classes[0]!, classes }]);
  },
  async forecast({ data: path, content }, tell, signal) {
    if (path === 'wait') await delay(60_000, undefined, { signal });
    tell(1);
    const step = { values: [2], low: [1], high: [3] };
    const row = { time: null, values: [content === undefined ? 2.5 : 9], forecast: step };
    return {
      ...{ columns: ['value'], time: null, threshold: 3, next: [step] },
      rows: [
        { line: 2, ...row, forecast: null, score: null, anomaly: false },
        { line: 3, ...row, score: 4.25, anomaly: true },
      ],
      alarms: [{ first: 1, last: 1, peak: 1, cause: 1 }],
    };
  },
  mistakes({ run }) {
    const mistake = {
      text: 'hm',
      file: '/data/chat.csv',
      line: 7,
      truth: 'fine',
      predicted: 'toxic',
      probability: 0.9,
    };
    return run === 'none'
      ? Promise.reject(new UserError('The run has no model yet.'))
      : Promise.resolve({ mistakes: [mistake], count: 1 });
  },
  inspect({ model }) {
    return Promise.resolve({
      task: model === 'tagger' ? ('tagging' as const) : ('classification' as const),
      experiment: model,
      created: '2024-05-01T12:00:00.000Z',
      producer: 'sequence-lab 0.1.0',
      bytes: 1_234_567,
      parameters: 98_765,
      labels: ['calm', 'toxic'],
      tokenizer: 'words',
      vocabulary: 1234,
      inputs: [{ name: 'tokens', type: 'int32[time, batch]' }],
      outputs: [{ name: 'probabilities', type: 'float32[batch, 2]' }],
      operators: [
        { operator: 'LSTM', count: 1 },
        { operator: 'MatMul', count: 2 },
      ],
      validation: metrics,
      test: null,
    });
  },
};
