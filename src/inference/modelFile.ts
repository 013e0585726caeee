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

/**
 * A session on a model file whose weights fit its description.
 * @param read takes a way to find stored arrays by name; undefined for weights that do not fit
 * @throws UserError naming the file where they do not
 */
export async function openSession(
  { bytes, model, file, threads }: ModelFile,
  read: (find: (name: string) => Float32Array | undefined) => unknown,
): Promise<Session> {
  const find = (name: string): Float32Array | undefined => {
    const data = model.tensors.get(name)?.data;
    return data instanceof Float32Array ? data : undefined;
  };
  const damaged = sentence`the weights of this model do not fit its description; export the model again.`;
  if (read(find) === undefined) throw new UserError(damaged, { file });
  try {
    return await Session.create(bytes, { threads });
  } catch {
    throw new UserError(damaged, { file });
  }
}
