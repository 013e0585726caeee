/** The records of a run as they stand on disk, checked when they are read back; must not know where the files are. */
import * as z from 'zod';
import type { DataSummary, EpochMetrics, Metrics, Report, StepMetrics } from '../protocol';
import type { Sentence } from '../sentence';

/** A line of `metrics.jsonl`: a training step or the end of an epoch. */
export type MetricsLine = StepMetrics | EpochMetrics;

/** Whether a line is the end of an epoch. */
export const isEpoch = (line: MetricsLine): line is EpochMetrics => 'validation' in line;

const count = z.int().nonnegative();

const perClass = z.array(
  z.object({ label: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: count }),
);

/** Tried in turn: each task's metrics have a key that the others lack. */
const metrics: z.ZodType<Metrics> = z.union([
  z.object({
    loss: z.number(),
    accuracy: z.number(),
    macroF1: z.number(),
    perClass,
    confusion: z.array(z.array(count)),
  }),
  z.object({
    loss: z.number(),
    accuracy: z.number(),
    precision: z.number(),
    recall: z.number(),
    f1: z.number(),
    perType: perClass,
  }),
  z.object({ loss: z.number(), bleu: z.number() }),
  z.object({ loss: z.number(), perplexity: z.number(), bitsPerCharacter: z.number() }),
  z.object({ loss: z.number(), mse: z.number(), mae: z.number() }),
]);

const stepMetrics = z.object({
  step: count,
  epoch: count,
  loss: z.number(),
  gradientNorm: z.number(),
  learningRate: z.number(),
  tokens: count,
}) satisfies z.ZodType<StepMetrics>;

const epochMetrics = z.object({
  epoch: count,
  steps: count,
  trainingLoss: z.number(),
  validation: metrics,
  best: z.boolean(),
}) satisfies z.ZodType<EpochMetrics>;

/** A line of `metrics.jsonl`. */
export const metricsLineSchema: z.ZodType<MetricsLine> = z.union([stepMetrics, epochMetrics]);

const dataSummary = z.object({
  classes: z.array(z.object({ label: z.string(), count })),
  examples: z.object({ train: count, validation: count, test: count }),
  vocabulary: count,
  coverage: z.number(),
  duplicatesAcrossParts: count,
  vectorsFound: z.number().nullable(),
}) satisfies z.ZodType<DataSummary>;

const sentence: z.ZodType<Sentence> = z.object({
  key: z.string(),
  values: z.array(z.union([z.string(), z.number(), z.lazy(() => sentence)])),
});

/** `report.json`. */
export const reportSchema: z.ZodType<Report> = z.object({
  experimentFile: z.string(),
  status: z.enum(['running', 'finished', 'stopped', 'failed']),
  task: z.enum(['classification', 'tagging', 'translation', 'languageModel', 'forecasting']),
  best: z.object({ epoch: count, validation: metrics }).nullable(),
  test: metrics.nullable(),
  epochs: count,
  steps: count,
  tokensPerSecond: z.number(),
  seconds: z.number(),
  parameters: count,
  message: z.string().exactOptional(),
  wording: sentence.exactOptional(),
  data: dataSummary,
});

/** One line of JSON; refuses numbers that JSON does not have, which would come back as null. */
export function recordLine(record: MetricsLine | Report, space?: number): string {
  const finite = (key: string, value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Error(`${key} is ${value}; a record on disk holds finite numbers only`);
    }
    return value;
  };
  return `${JSON.stringify(record, finite, space)}\n`;
}
