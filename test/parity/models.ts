/** Every kind of graph that is ever written, for ONNX's own checker. Knows nothing of the checker. */
import {
  buildForward,
  buildInfluence,
  buildTraining,
  type TextClassifierSpec,
  type TrainingGraphOptions,
} from '../../src/models/textClassifier';
import { embeddingName } from '../../src/nn/layers';
import { buildUpdate, type ClipSettings } from '../../src/nn/optimizers';
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

const clips: Readonly<Record<string, ClipSettings>> = {
  unclipped: {},
  norm: { norm: 1 },
  value: { value: 0.5 },
  both: { norm: 1, value: 0.5 },
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

function updateModels(): [string, Uint8Array][] {
  return Object.entries(optimizers).flatMap(([optimizer, { settings }]) =>
    Object.entries(clips).flatMap(([clip, clipSettings]) =>
      [true, false].map((sparse): [string, Uint8Array] => {
        const parameters = [
          { name: embeddingName, shape: [sparse ? 'rows' : 50, 12], sparse },
          { name: 'output.W', shape: [3, 16], sparse: false },
          { name: 'output.b', shape: [3, 1], sparse: false },
        ];
        const graph = buildUpdate(parameters, settings, clipSettings);
        return [`update-${optimizer}-${clip}-${sparse ? 'sparse' : 'dense'}`, encodeModel(graph)];
      }),
    ),
  );
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
