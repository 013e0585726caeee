/** What a model file says of itself, for people. */
import { decodeModel } from '../onnx/decode';
import type { ModelDescription } from '../protocol';
import { decodeMetadata, type ModelMetadata } from './modelMetadata';
import { describeTokenizer } from './tokenizerFormats';
import { describePieces } from './translatorMetadata';

/** @throws UserError where the bytes are not a model made here */
export function describeModel(bytes: Uint8Array, file: string): ModelDescription {
  const model = decodeModel(bytes, file);
  const metadata = decodeMetadata(model.metadata, file);
  const parameters = [...model.tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  return {
    task: metadata.task,
    experiment: metadata.experiment,
    created: metadata.created,
    producer: model.producer,
    bytes: bytes.length,
    parameters,
    ...describeInput(metadata),
    inputs: model.inputs,
    outputs: model.outputs,
    operators: [...model.operators].map(([operator, count]) => ({ operator, count })).sort((a, b) => b.count - a.count),
    validation: metadata.validation,
    test: metadata.test,
  };
}

/** What the model reads, and the classes that it tells apart. */
function describeInput(
  metadata: ModelMetadata,
): Pick<ModelDescription, 'labels' | 'tokenizer' | 'vocabulary' | 'channels'> {
  if (metadata.task === 'forecasting') {
    return { labels: [], tokenizer: '', vocabulary: 0, channels: metadata.columns.values };
  }
  if (metadata.task === 'translation') return { labels: [], ...describePieces(metadata) };
  const labels = 'labels' in metadata ? metadata.labels : [];
  if ('channels' in metadata) return { labels, tokenizer: '', vocabulary: 0, channels: metadata.channels };
  return {
    labels,
    tokenizer: describeTokens(metadata),
    vocabulary: 'features' in metadata ? metadata.model.features : metadata.vocabulary.length,
  };
}

/** `words, lower-cased`, or `TF-IDF of words 1–2 and characters 2–4`. */
function describeTokens(metadata: Extract<ModelMetadata, { readonly tokenizer: unknown }>): string {
  if (!('features' in metadata)) return describeTokenizer(metadata.tokenizer);
  const { words, characters } = metadata.features;
  const range = ([least, most]: readonly [number, number]) => (least === most ? String(least) : `${least}–${most}`);
  const cased = metadata.tokenizer.lowercase ? ', lower-cased' : '';
  return `TF-IDF of words ${range(words)}${characters === false ? '' : ` and characters ${range(characters)}`}${cased}`;
}
