/** The experiment file `NAME.rnn.json` as one schema: the types, the JSON Schema and the complete file come from it. */
import { z } from 'zod';
import { classificationSchema } from './classificationSchema';
import { forecastingSchema } from './forecastingSchema';
import { seriesClassificationSchema } from './seriesClassificationSchema';

/** The tasks by name; a further task is a further schema in this list. */
const byTask = z.discriminatedUnion('task', [classificationSchema, forecastingSchema]);
/** Kinds of classification beside that of texts as sequences, by `features.type`; a further kind is a further line. */
const classificationKinds = { numbers: seriesClassificationSchema };

/** All schemas, that of each kind by itself. */
const allSchemas = [...byTask.options, ...Object.values(classificationKinds)];

/** An experiment with every default filled in. */
export type Experiment = z.output<(typeof allSchemas)[number]>;
/** An experiment as a person writes it. */
export type ExperimentInput = z.input<(typeof allSchemas)[number]>;

/** The schema that judges a file: by its task, and for a classification by the type of its features. */
function schemaFor(value: unknown): z.ZodType<Experiment> {
  const { task = 'classification', features } = asObject(value);
  const { type } = asObject(features);
  if (task === 'classification' && typeof type === 'string' && Object.hasOwn(classificationKinds, type)) {
    return classificationKinds[type as keyof typeof classificationKinds];
  }
  return byTask;
}

/** An experiment of any task. */
export const experimentSchema = z.unknown().transform((value, context): Experiment => {
  const result = schemaFor(value).safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) context.issues.push(withAllKinds(issue) as z.core.$ZodRawIssue);
  return z.NEVER;
});

/** The message for a wrong type of features names the types of all kinds of classification. */
function withAllKinds(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const isType = issue.code === 'invalid_union' && issue.path.join('.') === 'features.type';
  if (!isType || !('options' in issue)) return issue;
  return { ...issue, options: [...(issue.options ?? []), ...Object.keys(classificationKinds)] };
}

/** The JSON Schema (draft 7, which editors know best) of what a person may write, with a description on every key. */
export function experimentJsonSchema(): Record<string, unknown> {
  const schemas = allSchemas.map((one) => z.toJSONSchema(one, { target: 'draft-7', io: 'input' }));
  for (const schema of schemas) {
    // Editors write this key into a file to find its schema; the reader of experiment files passes over it.
    schema.properties = { $schema: { type: 'string', description: 'Address of this schema.' }, ...schema.properties };
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    oneOf: schemas.map((schema) => Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'))),
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

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
