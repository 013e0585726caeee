/** How a model file carries its metadata: `metadata_props` under a prefix, and what all tasks have in common. */
import * as z from 'zod';
import { UserError } from '../errors';
import { sentence, type SentenceValue } from '../sentence';

/** Number of this layout of metadata; a reader refuses a higher one. */
export const metadataVersion = 1;

/** Sizes that a reader believes. */
export const plausibleCount = z.int().positive().max(100_000_000);

/** The keys of every task; each adds `task` as a literal, its scores, and what its predictor needs. */
export const commonKeys = {
  version: z.int(),
  /** Name of the experiment. */
  experiment: z.string(),
  /** Time of the export, ISO 8601. */
  created: z.string(),
};

const prefix = 'sequence_lab.';

/** As `metadata_props`: texts as they are, everything else as JSON. */
export function encodeMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries({ version: metadataVersion, ...metadata });
  return Object.fromEntries(
    entries.map(([key, value]) => [prefix + key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

const texts = new Set(['task', 'experiment', 'created']);

/**
 * The metadata of a decoded model by key, unchecked but for the version.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function readMetadataValues(properties: ReadonlyMap<string, string>, file: string): Record<string, unknown> {
  const version = Number(properties.get(`${prefix}version`));
  if (!properties.has(`${prefix}version`)) {
    throw new UserError(
      sentence`this ONNX model was made elsewhere: it has no Sequence Lab metadata, so its tokens and labels are unknown; choose a model.onnx of a run.`,
      { file },
    );
  }
  if (!(version <= metadataVersion)) {
    throw new UserError(sentence`this model was made by a later version of Sequence Lab; update to use it.`, { file });
  }
  const values: Record<string, unknown> = {};
  for (const [key, text] of properties) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    try {
      values[name] = texts.has(name) ? text : (JSON.parse(text) as unknown);
    } catch {
      throw damagedMetadata(name, file);
    }
  }
  return values;
}

/** The error for metadata that does not make sense at a key. */
export function damagedMetadata(detail: SentenceValue, file: string): UserError {
  return new UserError(sentence`the model's metadata is damaged (${detail}); export the model again.`, { file });
}

/** Checks metadata against the schema of its task. */
export function parseMetadata<Metadata>(
  schema: z.ZodType<Metadata>,
  values: Readonly<Record<string, unknown>>,
  file: string,
): Metadata {
  const result = schema.safeParse(values);
  if (!result.success) throw damagedMetadata(result.error.issues[0]!.path.join('.'), file);
  return result.data;
}
