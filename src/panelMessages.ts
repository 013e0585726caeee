/** The words between the host and the training panel, checked where they arrive; knows neither vscode nor the DOM. */
import * as z from 'zod/mini';
import { panelTextKeys } from './panelTexts';
import { scoreNames } from './scores';
import { inputs, task, tryItHostMessages, tryItPanelMessages } from './tryItMessages';

export type { PanelTextKey, PanelTexts } from './panelTexts';

/** Commands that a button in the panel may run: those of ours, and the editor's way to open a folder. */
export const panelCommands = ['sequenceLab.trainRnn', 'sequenceLab.showLog', 'vscode.openFolder'] as const;

/** Run states as the panel shows them; `interrupted` is one whose process is gone without a last word. */
export const runStates = ['running', 'finished', 'stopped', 'failed', 'interrupted'] as const;

const action = z.object({
  command: z.enum(panelCommands),
  label: z.string(),
});

const view = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty'), title: z.string(), sentence: z.string(), action }),
  z.object({ kind: z.literal('runs') }),
]);

/** Scores by name; which there are depends on the task. */
const scores = z.partialRecord(z.enum(scoreNames), z.number());

const detailedScores = z.object({
  perClass: z.array(
    z.object({ label: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: z.number() }),
  ),
  /** Counts; a row is the true class, a column the predicted one. */
  confusion: z.array(z.array(z.number())),
});

/** Scores of a tagger on one part, with those of each type of span. */
const tagScores = z.object({
  accuracy: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  perType: z.array(
    z.object({
      type: z.string(),
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      support: z.number(),
      /** How Tag Selection shows the type: the name of a contributed colour, and whether a dotted line goes with it. */
      style: z.object({ color: z.string().check(z.regex(/^[A-Z][a-z]+$/)), isDotted: z.boolean() }),
    }),
  ),
});

const runRow = z.object({
  /** Absolute path of the run's folder, which names it between the two sides. */
  id: z.string(),
  name: z.string(),
  task,
  /** What its model takes in. */
  inputs,
  status: z.enum(runStates),
  /** The recurrent network in a few words. */
  model: z.string(),
  /** Numbers of the model; null before they are known. */
  parameters: z.nullable(z.number()),
  best: z.nullable(z.object({ epoch: z.number(), scores })),
  test: z.nullable(scores),
  /** Seconds of work over all sittings; null before the first report. */
  seconds: z.nullable(z.number()),
  /** Mean real tokens per second; null before the first report. */
  tokensPerSecond: z.nullable(z.number()),
  /** Beginning, in milliseconds since 1970. */
  created: z.number(),
  /** Why the run ended early or failed. */
  message: z.nullable(z.string()),
  hasModel: z.boolean(),
  /** Epochs without a better score to wait for; null without early stopping. */
  patience: z.nullable(z.number()),
  /** The score that picks the best epoch; null without early stopping. */
  stoppingMetric: z.nullable(z.enum(scoreNames)),
  /** Largest global gradient norm; null where it is not clipped. */
  clipNorm: z.nullable(z.number()),
});

const column = z.instanceof(Float64Array);

/** A value for each step, in order of the steps; `tokensPerSecond` is NaN where nobody measured. */
const stepColumns = z
  .object({
    step: column,
    epoch: column,
    loss: column,
    gradientNorm: column,
    learningRate: column,
    tokensPerSecond: column,
  })
  .check(
    z.refine((columns) => Object.values(columns).every(({ length }) => length === columns.step.length), {
      error: 'the columns differ in length',
    }),
  );

/** A channel of a forecast series, a value a row; NaN where there is no forecast. */
const forecastChannel = z.object({
  name: z.string(),
  values: column,
  forecast: column,
  /** The band in which 95 % of the values are expected. */
  low: column,
  high: column,
});

/** Unusual rows that belong together, as indices of rows. */
const alarm = z.object({
  first: z.number(),
  last: z.number(),
  /** The row whose forecasts were furthest off. */
  cause: z.number(),
  /** The highest score. */
  score: z.number(),
});

/** A series with its forecast. */
const forecastSeries = z
  .object({
    /** The run's data files, as the experiment names them. */
    files: z.array(z.string()),
    /** Line of each row in the file, from 1. */
    lines: column,
    /** Time of each row as the file has it; null without a column of times. */
    times: z.nullable(z.array(z.string())),
    channels: z.array(forecastChannel),
    alarms: z.array(alarm),
    /** Rows of the file before the first of these, which are left out. */
    skipped: z.number(),
    /** First rows of the validation and the test part; null where the data has changed since the training. */
    parts: z.nullable(z.object({ validation: z.number(), test: z.number() })),
  })
  .check(
    z.refine(
      ({ lines, channels }) =>
        channels.every(({ values, forecast, low, high }) =>
          [values, forecast, low, high].every(({ length }) => length === lines.length),
        ),
      { error: 'the columns differ in length' },
    ),
  );

/** How far the forecast of a run's data is. */
const forecastState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('working'), fraction: z.number() }),
  z.object({ kind: z.literal('problem'), message: z.string() }),
  z.object({ kind: z.literal('done'), series: forecastSeries }),
]);

const epochPoint = z.object({
  epoch: z.number(),
  scores,
  /** Steps done at the end of the epoch. */
  steps: z.number(),
  best: z.boolean(),
});

const training = z.object({
  /** The run's id; null until the data is read and the run begins. */
  run: z.nullable(z.string()),
  /** Name of the run, or of the experiment before there is one. */
  name: z.string(),
  phase: z.enum(['reading', 'preparing', 'training', 'evaluating', 'exporting']),
  /** Share of the phase that is done, where it is known. */
  fraction: z.nullable(z.number()),
  epoch: z.nullable(z.number()),
  epochs: z.nullable(z.number()),
  step: z.nullable(z.number()),
  steps: z.nullable(z.number()),
  tokensPerSecond: z.nullable(z.number()),
  secondsLeft: z.nullable(z.number()),
  isStopping: z.boolean(),
});

const mistake = z.object({
  text: z.string(),
  /** Where the example is a number series: its steps, its file's name, and whether it is all of that file. */
  series: z.optional(z.object({ steps: z.number(), file: z.string(), isWholeFile: z.boolean() })),
  truth: z.string(),
  predicted: z.string(),
  probability: z.number(),
  line: z.number(),
});

const hostMessage = z.discriminatedUnion('type', [
  /** The first message: the texts of the page, and where the smoothing slider begins. */
  z.object({
    type: z.literal('setup'),
    texts: z.record(z.enum(panelTextKeys), z.string()),
    /** Language of dates, as BCP 47 names it. */
    language: z.string(),
    smoothing: z.number(),
  }),
  z.object({ type: z.literal('show'), view }),
  z.object({ type: z.literal('runs'), runs: z.array(runRow) }),
  z.object({ type: z.literal('training'), training: z.nullable(training) }),
  /** All curves of a run so far; replaces what the panel has of it. */
  z.object({ type: z.literal('curves'), run: z.string(), steps: stepColumns, epochs: z.array(epochPoint) }),
  /** What came after; steps that the panel has already are repetitions. */
  z.object({ type: z.literal('more'), run: z.string(), steps: stepColumns, epochs: z.array(epochPoint) }),
  z.object({
    type: z.literal('detail'),
    run: z.string(),
    task: z.enum(['classification', 'tagging', 'translation', 'languageModel', 'forecasting']),
    /** The part that the details are of: the test part, else the best epoch's validation. */
    part: z.enum(['test', 'validation']),
    /** Scores of both parts, as far as they are known; those of the validation are the best epoch's. */
    validation: z.nullable(scores),
    test: z.nullable(scores),
    /** What a classifier takes for what; null before the first epoch, and for other tasks. */
    scores: z.nullable(detailedScores),
    /** What a tagger finds; null before the first epoch, and for other tasks. */
    tags: z.nullable(tagScores),
  }),
  /** The forecast of a run's data file, by its index among the files. */
  z.object({ type: z.literal('forecast'), run: z.string(), file: z.int(), state: forecastState }),
  z.object({
    type: z.literal('mistakes'),
    run: z.string(),
    mistakes: z.array(mistake),
    /** How many there are in all. */
    count: z.number(),
    /** Why there is no list. */
    problem: z.nullable(z.string()),
  }),
  z.object({
    type: z.literal('comparison'),
    left: z.string(),
    right: z.string(),
    rows: z.array(z.object({ key: z.string(), left: z.nullable(z.string()), right: z.nullable(z.string()) })),
  }),
  /** Selects a run and draws it, as a command elsewhere asked. */
  z.object({ type: z.literal('choose'), run: z.string() }),
  ...tryItHostMessages,
]);

const run = z.string();

const panelMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('run'), command: z.enum(panelCommands) }),
  z.object({ type: z.literal('problem'), message: z.string(), stack: z.optional(z.string()) }),
  /** The runs that the panel draws: their curves come now and whenever they grow. */
  z.object({ type: z.literal('watch'), runs: z.array(run) }),
  z.object({ type: z.literal('select'), run }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.enum(['resume', 'rename', 'remove', 'openExperiment', 'useModel', 'findMistakes']), run }),
  /** Opens the data at a mistake, by its index in the last list of the run's mistakes. */
  z.object({ type: z.literal('openMistake'), run, index: z.int() }),
  /** Forecasts a data file of the run, by its index; takes the place of a forecast that is under way. */
  z.object({ type: z.literal('forecast'), run, file: z.int() }),
  /** Opens the data at an anomaly, by its index in the last forecast of the run. */
  z.object({ type: z.literal('openAnomaly'), run, index: z.int() }),
  z.object({ type: z.literal('compare'), left: run, right: run }),
  ...tryItPanelMessages,
  z.object({ type: z.literal('exportCsv'), runs: z.array(run) }),
  z.object({ type: z.literal('exportPng'), bytes: z.instanceof(Uint8Array) }),
]);

export type PanelCommand = (typeof panelCommands)[number];
/** A button: what it runs and what it says. */
export type PanelAction = z.infer<typeof action>;
/** All that the panel shows at one moment. */
export type PanelView = z.infer<typeof view>;
/** A line of the table of runs. */
export type RunRow = z.infer<typeof runRow>;
/** Values of successive steps. */
export type StepColumns = z.infer<typeof stepColumns>;
/** The end of an epoch on the curves. */
export type EpochPoint = z.infer<typeof epochPoint>;
/** How the active training stands. */
export type TrainingStatus = z.infer<typeof training>;
/** Scores with confusion. */
export type DetailedScores = z.infer<typeof detailedScores>;
/** Scores of a tagger, by type of span. */
export type TagScores = z.infer<typeof tagScores>;
/** A series with its forecast and its anomalies. */
export type ForecastSeries = z.infer<typeof forecastSeries>;
/** How far the forecast of a run's data is. */
export type ForecastState = z.infer<typeof forecastState>;
/** A misclassified test example. */
export type PanelMistake = z.infer<typeof mistake>;
/** What the host tells the panel. */
export type HostMessage = z.infer<typeof hostMessage>;
/** What the panel tells the host. */
export type PanelMessage = z.infer<typeof panelMessage>;

/** Reads what came from the host; throws where it is none of our messages. */
export function parseHostMessage(value: unknown): HostMessage {
  return parse(hostMessage, 'host', value);
}

/** Reads what came from the panel; throws where it is none of our messages. */
export function parsePanelMessage(value: unknown): PanelMessage {
  return parse(panelMessage, 'panel', value);
}

function parse<Message>(schema: z.ZodMiniType<Message>, sender: string, value: unknown): Message {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Not a message of the ${sender}: ${excerpt(value)}. ${z.prettifyError(result.error)}`);
}

/** The beginning of a message, which can be megabytes long. */
function excerpt(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    ArrayBuffer.isView(inner) ? `${inner.byteLength} bytes` : inner,
  );
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
