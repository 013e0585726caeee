/** Every kind of graph that is ever written, for ONNX's own checker. Knows nothing of the checker. */
import {
  buildForward,
  buildInfluence,
  buildTraining,
  type TextClassifierSpec,
  type TrainingGraphOptions,
} from '../../src/models/textClassifier';
import { buildAddition, buildCut, buildUpdate } from '../../src/nn/optimizers';
import { encodeModel } from '../../src/onnx/encode';
import { optimizers, specs } from './cases';

const plain = {
  ...{ dropout: 0, trainEmbedding: true, sparseEmbedding: false },
  ...{ classWeights: null, labelSmoothing: 0 },
};

/** What a training graph can have beside the plain loss. */
const trainingOptions: Readonly<Record<string, Omit<TrainingGraphOptions, 'padded'>>> = {
  plain,
  sparse: { ...plain, sparseEmbedding: true },
  frozen: { ...plain, trainEmbedding: false },
  everything: {
    ...{ dropout: 0.3, trainEmbedding: true, sparseEmbedding: true },
    ...{ classWeights: [0.5, 1, 2.5], labelSmoothing: 0.1 },
  },
};

/** Training graphs of one model, by name. */
function trainingModels(name: string, spec: TextClassifierSpec): [string, Uint8Array][] {
  return Object.entries(trainingOptions).flatMap(([what, options]) =>
    [true, false].map((padded): [string, Uint8Array] => [
      `training-${name}-${what}-${padded ? 'padded' : 'full'}`,
      buildTraining(spec, { ...options, padded }).bytes,
    ]),
  );
}

/** The graphs that the update's kernels are made from. */
function updateModels(): [string, Uint8Array][] {
  return [
    ...Object.entries(optimizers).map(([name, { settings }]): [string, Uint8Array] => [
      `update-${name}`,
      encodeModel(buildUpdate(settings).graph),
    ]),
    ['update-cut', encodeModel(buildCut(0.5).graph)],
    ['update-addition', encodeModel(buildAddition().graph)],
  ];
}

/** The bytes of every graph but for exports, which need weights. */
export function allModels(): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...specs.flatMap(({ name, ...spec }) => [
      ...trainingModels(name, spec),
      [`forward-${name}`, buildForward(spec)] as const,
      [`influence-${name}`, buildInfluence(spec).bytes] as const,
    ]),
    ...updateModels(),
  ]);
}
