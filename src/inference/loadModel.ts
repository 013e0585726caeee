/** From the bytes of a model file to what it can do, by its task. */
import { decodeModel } from '../onnx/decode';
import { UserError } from '../errors';
import type { Task } from '../protocol';
import { decodeMetadata } from './modelMetadata';
import { TextClassifier } from './textClassifier';
import { Translator } from './translator';

/** A model in memory; `task` tells which. */
export type LoadedModel = TextClassifier | Translator;

/**
 * @param file name for messages
 * @throws UserError where the bytes are not a model made here
 */
export async function loadModel(bytes: Uint8Array, file: string, threads: number): Promise<LoadedModel> {
  const model = decodeModel(bytes, file);
  const metadata = decodeMetadata(model.metadata, file);
  switch (metadata.task) {
    case 'classification':
      return TextClassifier.create({ bytes, model, file, threads }, metadata);
    case 'translation':
      return Translator.create({ bytes, model, file, threads }, metadata);
  }
}

const taskWords: Readonly<Record<Task, string>> = {
  classification: 'classifies',
  tagging: 'tags tokens',
  translation: 'translates',
  languageModel: 'continues texts',
  forecasting: 'forecasts number series',
};

/** @throws UserError where the model is of another task than the wanted one */
export function ofTask<Wanted extends Task>(
  model: LoadedModel,
  wanted: Wanted,
  file: string,
): Extract<LoadedModel, { readonly task: Wanted }> {
  if (model.task !== wanted) {
    throw new UserError(`this model ${taskWords[model.task]}; choose one that ${taskWords[wanted]}.`, { file });
  }
  return model as Extract<LoadedModel, { readonly task: Wanted }>;
}
