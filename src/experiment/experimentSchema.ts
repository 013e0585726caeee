/** The experiment file `NAME.rnn.json` as one schema: the types, the JSON Schema and the complete file come from it. */
import * as z from 'zod';
import { sentence } from '../sentence';
import { classificationSchema } from './classificationSchema';
import { forecastingSchema } from './forecastingSchema';
import { languageModelSchema } from './languageModelSchema';
import { seriesClassificationSchema } from './seriesClassificationSchema';
import { taggingSchema } from './taggingSchema';
import { translationSchema } from './translationSchema';
import { carried } from './values';
import { vectorClassificationSchema } from './vectorClassificationSchema';

/** An experiment of any task; a further task is a further schema in this list. */
const taskSchema = z.discriminatedUnion('task', [
  classificationSchema,
  taggingSchema,
  translationSchema,
  languageModelSchema,
  forecastingSchema,
]);

/** Classification by the type of features, where that decides on more than the features. */
const classificationSchemas = { tfidf: vectorClassificationSchema, numbers: seriesClassificationSchema } as const;

/** An experiment of any task and any features. */
export const experimentSchema = z.union([taskSchema, ...Object.values(classificationSchemas)]);

/** An experiment with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
/** An experiment as a person writes it. */
export type ExperimentInput = z.input<typeof experimentSchema>;

/**
 * The schema that judges what a person wrote, so that its problems are told in the words of one schema: by the task, and
 * for classification by the type of features.
 */
export function schemaFor(written: unknown): z.ZodType<Experiment> {
  const { task = 'classification', features } = (written ?? {}) as { task?: unknown; features?: { type?: unknown } };
  const type = features?.type;
  if (task === 'tagging' && typeof type === 'string' && partsOfTokens.includes(type)) return wholeTokens;
  if (task !== 'classification' || typeof type !== 'string') return taskSchema;
  if (Object.hasOwn(classificationSchemas, type)) {
    return classificationSchemas[type as keyof typeof classificationSchemas];
  }
  return textFeatures.includes(type) ? taskSchema : unknownFeatures;
}

/** The types of features that `classificationSchema` knows. */
const textFeatures: readonly string[] = ['words', 'characters', 'bpe'];

/** Refuses a type of features that nobody knows, naming all that there are; without it, the rest cannot be judged. */
const unknownFeatures = z.looseObject({
  features: z.looseObject({ type: z.enum([...textFeatures, ...Object.keys(classificationSchemas)]) }),
}) as unknown as z.ZodType<Experiment>;

/** Types of features elsewhere that a tagger cannot have. */
const partsOfTokens: readonly string[] = ['characters', 'bpe', 'tokenizer'];

/** Refuses to cut up what has one tag. */
const wholeTokens = z.looseObject({
  features: z.looseObject({
    type: z.string().superRefine((type, context) => {
      context.addIssue({
        code: 'custom',
        message: carried(
          sentence`found ${JSON.stringify(type)}, expected "words": each token of the data has one tag, so that a tagger reads tokens as they are and no parts of them.`,
        ),
      });
    }),
  }),
}) as unknown as z.ZodType<Experiment>;

/** The JSON Schema (draft 7, which editors know best) of what a person may write, with a description on every key. */
export function experimentJsonSchema(): Record<string, unknown> {
  const options = { target: 'draft-7', io: 'input' } as const;
  const { oneOf: tasks = [], ...schema } = z.toJSONSchema(taskSchema, options);
  const byFeatures = Object.values(classificationSchemas).map((features) => z.toJSONSchema(features, options));
  const oneOf = [...tasks, ...byFeatures];
  for (const task of oneOf) {
    if (typeof task === 'object') {
      // Editors write this key into a file to find its schema; the reader of experiment files passes over it.
      task.properties = { $schema: { type: 'string', description: 'Address of this schema.' }, ...task.properties };
    }
  }
  return {
    ...schema,
    oneOf,
    title: 'Sequence Lab experiment',
    description: 'An experiment with a recurrent network: its data, features, model and training.',
    allowComments: true,
    allowTrailingCommas: true,
  };
}

/** The experiment as a complete file: every default in it, keys in the order of the schema, two spaces. */
export function renderExperiment(experiment: Experiment): string {
  return `${JSON.stringify(experimentSchema.parse(experiment), null, 2)}\n`;
}
