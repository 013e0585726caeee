/** The metadata of a model file of any task. */
import { type ClassifierMetadata, decodeClassifierMetadata } from './classifierMetadata';
import { decodeForecasterMetadata, type ForecasterMetadata } from './forecasterMetadata';
import { decodeLanguageModelMetadata, type LanguageModelMetadata } from './languageModelMetadata';
import { damagedMetadata, readMetadataValues } from './metadataFormat';
import { decodeSeriesClassifierMetadata, type SeriesClassifierMetadata } from './seriesClassifierMetadata';
import { decodeTaggerMetadata, type TaggerMetadata } from './taggerMetadata';
import { decodeTranslatorMetadata, type TranslatorMetadata } from './translatorMetadata';
import { decodeVectorClassifierMetadata, type VectorClassifierMetadata } from './vectorClassifierMetadata';

export type ModelMetadata =
  | ClassifierMetadata
  | VectorClassifierMetadata
  | SeriesClassifierMetadata
  | TaggerMetadata
  | TranslatorMetadata
  | LanguageModelMetadata
  | ForecasterMetadata;

/**
 * Reads the metadata of a decoded model.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function decodeMetadata(properties: ReadonlyMap<string, string>, file: string): ModelMetadata {
  const values = readMetadataValues(properties, file);
  switch (values['task']) {
    case 'classification':
      if (isOfNumbers(values)) return decodeSeriesClassifierMetadata(values, file);
      return values['features'] === undefined
        ? decodeClassifierMetadata(values, file)
        : decodeVectorClassifierMetadata(values, file);
    case 'tagging':
      return decodeTaggerMetadata(values, file);
    case 'languageModel':
      return decodeLanguageModelMetadata(values, file);
    case 'forecasting':
      return decodeForecasterMetadata(values, file);
    case 'translation':
      return decodeTranslatorMetadata(values, file);
    default:
      throw damagedMetadata('task', file);
  }
}

/** Whether a classifier reads number series. */
function isOfNumbers({ features }: Readonly<Record<string, unknown>>): boolean {
  return typeof features === 'object' && features !== null && 'type' in features && features.type === 'numbers';
}
