/** The metadata of a model file of any task. */
import { type ClassifierMetadata, decodeClassifierMetadata } from './classifierMetadata';
import { decodeLanguageModelMetadata, type LanguageModelMetadata } from './languageModelMetadata';
import { damagedMetadata, readMetadataValues } from './metadataFormat';

export type ModelMetadata = ClassifierMetadata | LanguageModelMetadata;

/**
 * Reads the metadata of a decoded model.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function decodeMetadata(properties: ReadonlyMap<string, string>, file: string): ModelMetadata {
  const values = readMetadataValues(properties, file);
  switch (values['task']) {
    case 'classification':
      return decodeClassifierMetadata(values, file);
    case 'languageModel':
      return decodeLanguageModelMetadata(values, file);
    default:
      throw damagedMetadata('task', file);
  }
}
