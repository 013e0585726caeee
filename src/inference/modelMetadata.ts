/** The metadata of a model file of any task. */
import { type ClassifierMetadata, decodeClassifierMetadata } from './classifierMetadata';
import { decodeLanguageModelMetadata, type LanguageModelMetadata } from './languageModelMetadata';
import { damagedMetadata, readMetadataValues } from './metadataFormat';
import { decodeTaggerMetadata, type TaggerMetadata } from './taggerMetadata';
import { decodeVectorClassifierMetadata, type VectorClassifierMetadata } from './vectorClassifierMetadata';

export type ModelMetadata = ClassifierMetadata | VectorClassifierMetadata | TaggerMetadata | LanguageModelMetadata;

/**
 * Reads the metadata of a decoded model.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function decodeMetadata(properties: ReadonlyMap<string, string>, file: string): ModelMetadata {
  const values = readMetadataValues(properties, file);
  switch (values['task']) {
    case 'classification':
      return values['features'] === undefined
        ? decodeClassifierMetadata(values, file)
        : decodeVectorClassifierMetadata(values, file);
    case 'tagging':
      return decodeTaggerMetadata(values, file);
    case 'languageModel':
      return decodeLanguageModelMetadata(values, file);
    default:
      throw damagedMetadata('task', file);
  }
}
