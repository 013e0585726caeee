/** The trained translator as a file, behind a gate: the file must find what the equations of training find. */
import type { TranslationRunner } from '../inference/translationRunner';
import { loadModel, ofTask } from '../inference/loadModel';
import { encodeMetadata } from '../inference/metadataFormat';
import type { ExportedTranslation, Translator } from '../inference/translator';
import type { TranslatorMetadata } from '../inference/translatorMetadata';
import { buildTranslatorExport } from '../models/translatorSearch';
import type { NamedTensors } from './shard';

/** Largest difference of a log-probability or a weight of the attention that passes. */
const tolerance = 1e-4;
/** Steps that the gate lets the file make. */
const gateSteps = 20;

/**
 * The bytes of `model.onnx`.
 * @param sources ids of sources to compare translations of, each with at least one id
 * @throws Error where the file and the training graph disagree by more than 1e-4 on a padded batch, single sequences or
 * a sequence of length 1
 */
export async function exportTranslator(
  metadata: Omit<TranslatorMetadata, 'version'>,
  parameters: NamedTensors,
  runner: TranslationRunner,
  sources: readonly Int32Array[],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const arrays = new Map(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const bytes = buildTranslatorExport(metadata.model, arrays, encodeMetadata(metadata));
  const exported = ofTask(await loadModel(bytes, 'model.onnx', 1), 'translation', 'model.onnx');
  try {
    const single = sources.slice(0, 4).map((source) => [source]);
    const shortest = [[sources[0]!.slice(0, 1)]];
    for (const batch of [sources, ...single, ...shortest]) {
      signal?.throwIfAborted();
      await compare(batch, exported, runner, parameters);
    }
  } finally {
    await exported.dispose();
  }
  return bytes;
}

/** The file translates; training's equations are told the same words, and must find them as probable, and looked at the same. */
async function compare(
  sources: readonly Int32Array[],
  exported: Translator,
  runner: TranslationRunner,
  parameters: NamedTensors,
): Promise<void> {
  const found = await exported.translateByFile(sources, gateSteps);
  const pairs = sources.map((source, at) => ({ source, target: Int32Array.from(found[at]!.ids) }));
  const { losses, largest, attention, batch } = await runner.judge(pairs, parameters);
  batch.places.forEach((place, at) => {
    const [step, column] = [Math.floor(place / batch.size), place % batch.size];
    const translation: ExportedTranslation = found[column]!;
    if (step >= translation.ids.length) return;
    require(-losses[at]!, translation.logProbabilities[step]!, 'a log-probability');
    if (-losses[at]! < largest[at]! - tolerance) {
      throw new Error('The exported model chooses a word that is not the most probable; nothing was exported.');
    }
    const row = (step * batch.size + column) * batch.sourceTime;
    translation.attention[step]!.forEach((weight, source) => {
      require(attention[row + source]!, weight, 'a weight of the attention');
    });
  });
}

function require(expected: number, found: number, what: string): void {
  const difference = Math.abs(expected - found);
  if (!(difference <= tolerance)) {
    throw new Error(
      `The exported model disagrees with the trained one: ${what} differs by ${difference}; nothing was exported.`,
    );
  }
}
