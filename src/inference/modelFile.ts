/** A model file on its way to a predictor. */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { DecodedModel } from '../onnx/decode';
import { Session } from '../runtime/session';

export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly model: DecodedModel;
  /** Name for messages. */
  readonly file: string;
  readonly threads: number;
}

/** The mistake of a file whose weights or graph are not those that it describes. */
export function damagedModel(file: string): UserError {
  return new UserError(sentence`the weights of this model do not fit its description; export the model again.`, {
    file,
  });
}

/** A stored array of float32; undefined where the file has none of this name. */
export function storedFloats({ tensors }: DecodedModel, name: string): Float32Array | undefined {
  const data = tensors.get(name)?.data;
  return data instanceof Float32Array ? data : undefined;
}

/**
 * A session on a model file whose weights fit its description.
 * @param read takes a way to find stored arrays by name; undefined for weights that do not fit
 * @throws UserError naming the file where they do not
 */
export async function openSession(
  { bytes, model, file, threads }: ModelFile,
  read: (find: (name: string) => Float32Array | undefined) => unknown,
): Promise<Session> {
  if (read((name) => storedFloats(model, name)) === undefined) throw damagedModel(file);
  try {
    return await Session.create(bytes, { threads });
  } catch {
    throw damagedModel(file);
  }
}
