/** What host and panel tell each other about the box "Try it": its models, texts and answers; knows neither vscode nor the DOM. */
import * as z from 'zod/mini';
import type { Task } from './protocol';
import { tagColors } from './tagColors';

/** The tasks, in the order in which the box offers them. */
export const tasks = [
  'classification',
  'tagging',
  'translation',
  'languageModel',
  'forecasting',
] as const satisfies readonly Task[];

export const task = z.enum(tasks);

/** What a model takes in: only texts can be typed. */
export const inputs = z.enum(['texts', 'numbers']);

/** The tasks whose answers appear while a person types. */
const answeredTasks = ['classification', 'tagging', 'translation'] as const satisfies readonly Task[];

const models = z.partialRecord(task, z.object({ name: z.string(), inputs }));

const prediction = z.object({
  label: z.string(),
  probability: z.number(),
  classes: z.array(z.object({ label: z.string(), probability: z.number() })),
  tokens: z.optional(
    z.array(
      z.object({
        text: z.string(),
        start: z.number(),
        end: z.number(),
        influence: z.number(),
        known: z.boolean(),
      }),
    ),
  ),
});

const tagged = z.object({
  spans: z.array(z.object({ type: z.string(), start: z.number(), end: z.number(), probability: z.number() })),
  legend: z.array(
    z.object({
      type: z.string(),
      count: z.number(),
      color: z.enum(tagColors),
      isDotted: z.boolean(),
      /** The colour in the editor's language. */
      colorName: z.string(),
    }),
  ),
});

/** A sentence in pieces, and where the model looked: a row for each piece of the translation, a weight 0…1 for each of the text. */
const attention = z
  .object({
    source: z.array(z.string()),
    target: z.array(z.string()),
    sourceStarts: z.array(z.boolean()),
    targetStarts: z.array(z.boolean()),
    weights: z.array(z.array(z.number())),
  })
  .check(
    z.refine(
      ({ source, target, weights }) =>
        weights.length === target.length && weights.every(({ length }) => length === source.length),
      { error: 'the weights are not one for each pair of pieces' },
    ),
  );

const translated = z.object({ translation: z.string(), sentences: z.array(attention) });

const answer = z.discriminatedUnion('task', [
  z.object({ task: z.literal('classification'), prediction }),
  z.object({ task: z.literal('tagging'), tagged }),
  z.object({ task: z.literal('translation'), translated }),
]);

const id = z.number();

/** What the host tells of the box. */
export const tryItHostMessages = [
  /** The active model of each task that has one. */
  z.object({ type: z.literal('models'), models }),
  /** What became of an `ask`; one of the two is null. */
  z.object({ type: z.literal('answer'), id, answer: z.nullable(answer), problem: z.nullable(z.string()) }),
  /** What a command made of text in an editor, by the model of this name; `isNew` while the panel was open. */
  z.object({ type: z.literal('selection'), text: z.string(), model: z.string(), answer, isNew: z.boolean() }),
  /** More of the text that a `continue` asked for. */
  z.object({ type: z.literal('continued'), id, text: z.string() }),
  z.object({ type: z.literal('continuedEnd'), id, problem: z.nullable(z.string()) }),
] as const;

/** What the panel asks for the box. */
export const tryItPanelMessages = [
  z.object({ type: z.literal('ask'), id, task: z.enum(answeredTasks), text: z.string() }),
  z.object({ type: z.literal('continue'), id, text: z.string() }),
  z.object({ type: z.literal('stopContinuing') }),
  /** Looks for anomalies in an open table, else in the data of this run. */
  z.object({ type: z.literal('findAnomalies'), run: z.nullable(z.string()) }),
] as const;

/** A task whose answers appear while a person types. */
export type AnsweredTask = (typeof answeredTasks)[number];
/** The active models, by task. */
export type BoxModels = z.infer<typeof models>;
/** Whether a model reads texts or numbers. */
export type ModelInputs = z.infer<typeof inputs>;
/** The class of a text. */
export type PanelPrediction = z.infer<typeof prediction>;
/** The spans of a text. */
export type PanelTagged = z.infer<typeof tagged>;
/** The translation of a text. */
export type PanelTranslated = z.infer<typeof translated>;
/** A sentence in pieces with the weights of its attention. */
export type PanelAttention = z.infer<typeof attention>;
/** What the box shows of a text. */
export type BoxAnswer = z.infer<typeof answer>;
/** Whether a task's answers appear while a person types. */
export function isAnswered(asked: Task): asked is AnsweredTask {
  return answeredTasks.some((known) => known === asked);
}
