/** A model file on its way to a predictor. */
import type { DecodedModel } from '../onnx/decode';

export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly model: DecodedModel;
  /** Name for messages. */
  readonly file: string;
  readonly threads: number;
}
