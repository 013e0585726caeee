/** The experiment file `NAME.rnn.json` as one schema: the types, the JSON Schema and the complete file come from it. */
import { z } from 'zod';
import { classificationSchema } from './classificationSchema';
import { translationSchema } from './translationSchema';

/** An experiment of any task; a further task is a further schema in this list. */
export const experimentSchema = z.discriminatedUnion('task', [classificationSchema, translationSchema]);

/** An experiment with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
/** An experiment as a person writes it. */
export type ExperimentInput = z.input<typeof experimentSchema>;

/** The JSON Schema (draft 7, which editors know best) of what a person may write, with a description on every key. */
export function experimentJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(experimentSchema, { target: 'draft-7', io: 'input' });
  for (const task of schema.oneOf ?? []) {
    if (typeof task === 'object') {
      // Editors write this key into a file to find its schema; the reader of experiment files passes over it.
      task.properties = { $schema: { type: 'string', description: 'Address of this schema.' }, ...task.properties };
    }
  }
  return {
    ...schema,
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
