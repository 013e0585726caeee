/** Models that are loaded, so that each is loaded once; a file that changes on disk is loaded anew. */
import { stat } from 'node:fs/promises';
import { fileError } from '../files/fileErrors';
import { readBounded } from '../files/readBounded';
import { type LoadedModel, loadModel, ofTask } from '../inference/loadModel';
import type { Task } from '../protocol';

/** Largest model file that is read; protobuf messages end at 2 GiB. */
export const largestModel = 2 ** 31 - 1;
/** Models that are kept at a time. */
const kept = 4;

export class ModelCache {
  private readonly models = new Map<string, { stamp: string; model: Promise<LoadedModel> }>();

  constructor(private readonly threads: number) {}

  /** @throws UserError where the file is not a model of the task made here */
  async of<Wanted extends Task>(task: Wanted, path: string): Promise<Extract<LoadedModel, { readonly task: Wanted }>> {
    return ofTask(await this.get(path), task, path);
  }

  /** @throws UserError where the file is not a model made here */
  async get(path: string): Promise<LoadedModel> {
    const stamp = await stampOf(path);
    const known = this.models.get(path);
    if (known?.stamp === stamp) return known.model;
    const model = readBounded(path, largestModel).then((bytes) => loadModel(bytes, path, this.threads));
    const entry = { stamp, model };
    this.models.delete(path);
    this.models.set(path, entry);
    // A file that could not be loaded is tried again at the next request.
    model.catch(() => {
      if (this.models.get(path) === entry) this.models.delete(path);
    });
    if (this.models.size > kept) this.models.delete(this.models.keys().next().value!);
    return model;
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(path);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}
