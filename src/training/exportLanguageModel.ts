/** A trained language model as a file, behind a gate: the file must predict what the equations of training predict. */
import type { LanguageModel } from '../inference/languageModel';
import type { LanguageModelMetadata } from '../inference/languageModelMetadata';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import { buildExport } from '../models/languageModel';
import type { LanguageModelEvaluator } from './languageModelEvaluator';
import type { NamedTensors } from './shard';

/** Largest difference of a probability or of a state's element that passes. */
const tolerance = 1e-4;
/** Streams and steps of the windows that are compared. */
const shapes = [
  { batch: 8, time: 32 },
  { batch: 1, time: 64 },
  { batch: 1, time: 1 },
] as const;

/**
 * The bytes of `model.onnx`.
 * @param ids tokens to compare predictions on
 * @throws Error where the file and the equations of training disagree by more than 1e-4 on several streams, one, or one
 * token, each followed by a second window with the states carried over
 */
export async function exportLanguageModel(
  metadata: Omit<LanguageModelMetadata, 'version'>,
  parameters: NamedTensors,
  evaluator: LanguageModelEvaluator,
  ids: Int32Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const arrays = new Map(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const bytes = buildExport(metadata.model, arrays, encodeMetadata(metadata));
  const exported = ofTask(await loadModel(bytes, 'model.onnx', 1), 'languageModel', 'model.onnx');
  try {
    for (const { batch, time } of shapes) {
      signal?.throwIfAborted();
      const token = (at: number): number => ids[at % ids.length]!;
      const rows = Int32Array.from({ length: 2 * batch * time }, (_, at) => token(at));
      await compare(rows, batch, exported, evaluator, parameters);
    }
  } finally {
    await exported.dispose();
  }
  return bytes;
}

/** Compares two windows of `[batch, time]` ids that follow one another. */
async function compare(
  ids: Int32Array,
  batch: number,
  exported: LanguageModel,
  evaluator: LanguageModelEvaluator,
  parameters: NamedTensors,
): Promise<void> {
  const { vocabulary, layers, hidden } = evaluator.spec;
  const time = ids.length / batch / 2;
  let found: Awaited<ReturnType<LanguageModel['run']>> | undefined;
  let expected: Awaited<ReturnType<LanguageModelEvaluator['logProbabilities']>> | undefined;
  for (const window of [0, 1]) {
    const rows = ids.subarray(window * batch * time, (window + 1) * batch * time);
    const columns = rows.map((_, at) => rows[(at % batch) * time + Math.floor(at / batch)]!);
    found = await exported.run(rows, batch, found?.states);
    expected = await evaluator.logProbabilities(columns, batch, parameters, expected?.states);
    for (let row = 0; row < batch; row += 1) {
      for (let step = 0; step < time; step += 1) {
        for (let token = 0; token < vocabulary; token += 1) {
          check(
            Math.exp(found.logProbabilities[(row * time + step) * vocabulary + token]!),
            Math.exp(expected.logProbabilities[(step * batch + row) * vocabulary + token]!),
            `a probability after ${window * time + step + 1} tokens`,
          );
        }
      }
    }
    for (const [name, { data }] of Object.entries(found.states)) {
      const other = expected.states[name]!.data;
      for (let at = 0; at < layers * hidden * batch; at += 1) {
        const [outer, inner] = [Math.floor(at / hidden), at % hidden];
        const [layer, row] = [Math.floor(outer / batch), outer % batch];
        check(data[at]!, other[(layer * hidden + inner) * batch + row]!, `the state ${name}`);
      }
    }
  }
}

function check(found: number, expected: number, what: string): void {
  const difference = Math.abs(found - expected);
  if (difference <= tolerance) return;
  throw new Error(
    `The exported model disagrees with the trained one: ${what} differs by ${difference}; nothing was exported.`,
  );
}
