/** From the bytes of a model file to what it can do, by its task. */
import { decodeModel } from '../onnx/decode';
import { UserError } from '../errors';
import { type Sentence, sentence } from '../sentence';
import type { Task } from '../protocol';
import { Forecaster } from './forecaster';
import { LanguageModel } from './languageModel';
import { decodeMetadata } from './modelMetadata';
import { SeriesClassifier } from './seriesClassifier';
import { Tagger } from './tagger';
import { TextClassifier } from './textClassifier';
import { Translator } from './translator';
import { VectorClassifier } from './vectorClassifier';

/** A model in memory; `task` tells which. */
export type LoadedModel =
  TextClassifier | VectorClassifier | SeriesClassifier | Tagger | LanguageModel | Forecaster | Translator;

/**
 * @param file name for messages
 * @throws UserError where the bytes are not a model made here
 */
export async function loadModel(bytes: Uint8Array, file: string, threads: number): Promise<LoadedModel> {
  const model = decodeModel(bytes, file);
  const metadata = decodeMetadata(model.metadata, file);
  const source = { bytes, model, file, threads };
  switch (metadata.task) {
    case 'classification':
      if ('channels' in metadata) return SeriesClassifier.create(source, metadata);
      if ('features' in metadata) return VectorClassifier.create(source, metadata);
      return TextClassifier.create(source, metadata);
    case 'tagging':
      return Tagger.create(source, metadata);
    case 'languageModel':
      return LanguageModel.create(source, metadata);
    case 'forecasting':
      return Forecaster.create(source, metadata);
    case 'translation':
      return Translator.create(source, metadata);
  }
}

const taskWords: Readonly<Record<Task, Sentence>> = {
  classification: sentence`classifies`,
  tagging: sentence`tags tokens`,
  translation: sentence`translates`,
  languageModel: sentence`continues texts`,
  forecasting: sentence`forecasts number series`,
};

/** @throws UserError where the model is of another task than the wanted one */
export function ofTask<Wanted extends Task>(
  model: LoadedModel,
  wanted: Wanted,
  file: string,
): Extract<LoadedModel, { readonly task: Wanted }> {
  if (model.task !== wanted) {
    throw new UserError(sentence`this model ${taskWords[model.task]}; choose one that ${taskWords[wanted]}.`, { file });
  }
  return model as Extract<LoadedModel, { readonly task: Wanted }>;
}

type AnyClassifier = Extract<LoadedModel, { readonly task: 'classification' }>;

/** @throws UserError where a classifier does not read texts */
export function textClassifierOf(model: AnyClassifier, file: string): Exclude<AnyClassifier, SeriesClassifier> {
  if (!(model instanceof SeriesClassifier)) return model;
  throw new UserError(sentence`this model classifies number series; choose one that classifies texts.`, { file });
}

/** @throws UserError where a classifier does not read number series */
export function seriesClassifierOf(model: AnyClassifier, file: string): SeriesClassifier {
  if (model instanceof SeriesClassifier) return model;
  throw new UserError(sentence`this model classifies texts; choose one that classifies number series.`, { file });
}
