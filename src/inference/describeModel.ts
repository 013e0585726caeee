/** What a model file says of itself, for people. */
import { decodeModel } from '../onnx/decode';
import type { ModelDescription } from '../protocol';
import type { ClassifierMetadata } from './classifierMetadata';
import { decodeMetadata } from './modelMetadata';
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
    labels: 'labels' in metadata ? metadata.labels : [],
    ...(metadata.task === 'translation' ? describePieces(metadata) : describeTokens(metadata)),
    inputs: model.inputs,
    outputs: model.outputs,
    operators: [...model.operators].map(([operator, count]) => ({ operator, count })).sort((a, b) => b.count - a.count),
    validation: metadata.validation,
    test: metadata.test,
  };
}

function describeTokens({
  tokenizer,
  vocabulary,
}: ClassifierMetadata): Pick<ModelDescription, 'tokenizer' | 'vocabulary'> {
  return { tokenizer: `${tokenizer.type}${tokenizer.lowercase ? ', lower-cased' : ''}`, vocabulary: vocabulary.length };
}
