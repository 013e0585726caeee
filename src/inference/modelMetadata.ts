/** The metadata of a model file of any task. */
import { type ClassifierMetadata, decodeClassifierMetadata } from './classifierMetadata';
import { damagedMetadata, readMetadataValues } from './metadataFormat';
import { decodeTranslatorMetadata, type TranslatorMetadata } from './translatorMetadata';

export type ModelMetadata = ClassifierMetadata | TranslatorMetadata;

/**
 * Reads the metadata of a decoded model.
 * @throws UserError naming `file` for a model that was not made here, is of a later version, or is damaged
 */
export function decodeMetadata(properties: ReadonlyMap<string, string>, file: string): ModelMetadata {
  const values = readMetadataValues(properties, file);
  switch (values['task']) {
    case 'classification':
      return decodeClassifierMetadata(values, file);
    case 'translation':
      return decodeTranslatorMetadata(values, file);
    default:
      throw damagedMetadata('task', file);
  }
}
