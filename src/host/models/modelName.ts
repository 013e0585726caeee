/** What a person calls a model: a run's by the run, any other by its file. Knows no editor. */
import { basename, dirname } from 'node:path';

/** `spam-3` for `…/runs/spam-3/model.onnx`, else the file's name. */
export function modelName(path: string): string {
  const file = basename(path);
  return file === 'model.onnx' ? basename(dirname(path)) : file;
}
