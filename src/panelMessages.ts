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
    /** Scores with confusion of the test part, else of the best epoch's validation; null before the first epoch. */
    scores: z.nullable(detailedScores),
    part: z.enum(['test', 'validation']),
  }),
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
