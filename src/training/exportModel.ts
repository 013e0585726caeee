/** The trained model as a file, behind a gate: the file must predict what the training graph predicts. */
import type { ExampleSource } from '../data/batches';
import { assembleBatch } from '../data/batches';
import type { ClassifierMetadata } from '../inference/classifierMetadata';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import { TextClassifier } from '../inference/textClassifier';
import { buildExport } from '../models/textClassifier';
import type { Evaluator } from './evaluator';
import type { NamedTensors } from './shard';

/** Largest difference of a probability that passes. */
const tolerance = 1e-4;
/** Examples that the gate compares in one padded batch. */
const gateExamples = 32;

/**
 * The bytes of `model.onnx`.
 * @param examples examples to compare predictions on
 * @throws Error where the file and the training graph disagree by more than 1e-4 on a padded batch, single sequences or
 * a sequence of length 1
 */
export async function exportModel(
  metadata: Omit<ClassifierMetadata, 'version'>,
  parameters: NamedTensors,
  evaluator: Evaluator,
  source: ExampleSource,
  examples: Int32Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const arrays = new Map(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const bytes = buildExport(metadata.model, arrays, encodeMetadata(metadata));
  const exported = ofTask(await loadModel(bytes, 'model.onnx', 1), 'classification', 'model.onnx');
  if (!(exported instanceof TextClassifier)) throw new Error('The exported model is not read as one of sequences.');
  try {
    const chosen = spread(examples, gateExamples);
    const sequences = Array.from(chosen, (example) => {
      const ids = new Int32Array(source.lengths[example]!);
      source.readTokens(example, ids);
      return ids;
    });
    const single = sequences.slice(0, 4).map((sequence) => [sequence]);
    const shortest = [[sequences[0]!.slice(0, 1)]];
    for (const batch of [sequences, ...single, ...shortest]) {
      signal?.throwIfAborted();
      await compare(batch, exported, evaluator, parameters);
    }
  } finally {
    await exported.dispose();
  }
  return bytes;
}

async function compare(
  sequences: readonly Int32Array[],
  exported: TextClassifier,
  evaluator: Evaluator,
  parameters: NamedTensors,
): Promise<void> {
  const batch = assembleBatch(asSource(sequences), Int32Array.from(sequences.keys()));
  const expected = await evaluator.logProbabilities(batch, parameters);
  checkAgreement(await exported.probabilities(sequences), expected, (at) => sequences[at]!.length);
}

/**
 * @param found probabilities of the file, `[examples][classes]`
 * @param expected log-probabilities of training's equations, `[examples, classes]`
 * @param length tokens of an example, for the message
 * @throws Error where a probability differs by more than 1e-4
 */
export function checkAgreement(
  found: readonly Float32Array[],
  expected: Float32Array,
  length: (example: number) => number,
): void {
  const classes = found[0]!.length;
  found.forEach((row, example) => {
    row.forEach((probability, at) => {
      const difference = Math.abs(probability - Math.exp(expected[example * classes + at]!));
      if (!(difference <= tolerance)) {
        throw new Error(
          `The exported model disagrees with the trained one: a probability differs by ${difference} on a sequence of ${length(example)} tokens; nothing was exported.`,
        );
      }
    });
  });
}

function asSource(sequences: readonly Int32Array[]): ExampleSource {
  return {
    lengths: Int32Array.from(sequences, ({ length }) => length),
    labels: new Int32Array(sequences.length),
    readTokens: (example, target) => {
      target.set(sequences[example]!);
      return sequences[example]!.length;
    },
  };
}

/** Up to `count` examples, evenly from all. */
export function spread(examples: Int32Array, count: number): Int32Array {
  const stride = Math.max(1, Math.floor(examples.length / count));
  return examples.filter((_, at) => at % stride === 0).slice(0, count);
}
