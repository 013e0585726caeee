/** Scores the weights of a classifier of TF-IDF vectors in training, by the equations of training. */
import { padRows, type SparseRows } from '../data/tfIdf';
import { touchedRows } from '../inference/touchedRows';
import { buildVectorForward, featureWeights, type VectorClassifierSpec } from '../models/vectorClassifier';
import { Session, tensor, type Tensor } from '../runtime/session';
import type { NamedTensors } from './shard';

export class VectorEvaluator {
  private constructor(private readonly session: Session) {}

  static async create(spec: VectorClassifierSpec, threads: number): Promise<VectorEvaluator> {
    return new VectorEvaluator(await Session.create(buildVectorForward(spec), { threads }));
  }

  /** Log-probabilities `[vectors, classes]`. */
  async logProbabilities(vectors: SparseRows, parameters: NamedTensors): Promise<Float32Array> {
    const size = vectors.offsets.length - 1;
    const { width, ids, values } = padRows(vectors);
    const weights = parameters[featureWeights]!;
    const { places, rows } = touchedRows(ids, weights.data, weights.dims[1]!);
    const results = await this.session.run({
      ...parameters,
      [featureWeights]: rows,
      places: tensor('int32', [size, width], places),
      values: tensor('float32', [size, width], values),
    });
    return (results['logProbabilities'] as Tensor<'float32'>).data;
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
