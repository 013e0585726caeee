/** The described layers against the parameters that the training graph really has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationSchema } from '../../../src/experiment/classificationSchema';
import { taggingSchema } from '../../../src/experiment/taggingSchema';
import { vectorClassificationSchema } from '../../../src/experiment/vectorClassificationSchema';
import { countParameters, layerShapes, vectorLayerShapes } from '../../../src/experiment/layerShapes';
import { buildTraining as buildTagging } from '../../../src/models/tagger';
import { buildTraining } from '../../../src/models/textClassifier';
import { buildVectorTraining } from '../../../src/models/vectorClassifier';

const options = {
  classWeights: null,
  labelSmoothing: 0,
  dropout: 0,
  trainEmbedding: true,
  sparseEmbedding: false,
  padded: true,
};

for (const cell of ['rnn', 'gru', 'lstm'] as const) {
  for (const bidirectional of [false, true]) {
    for (const layers of [1, 2]) {
      const title = `${layers} ${bidirectional ? 'bidirectional ' : ''}${cell} layers are described as they are built`;
      test(title, () => {
        const { features, model } = classificationSchema.parse({
          task: 'classification',
          data: { train: 'chat.csv' },
          features: { type: 'words', embedding: { size: 7 } },
          model: { cell, hidden: 5, layers, bidirectional },
        });
        const described = layerShapes({ features, model }, { vocabulary: 11, classes: 3 });
        const spec = { vocabulary: 11, embedding: 7, cell, hidden: 5, layers, bidirectional, classes: 3 };
        const built = buildTraining(spec, options).parameters;
        const shapes = (parameters: readonly { name: string; shape: readonly unknown[] }[]) =>
          parameters.map(({ name, shape }) => `${name} ${shape.join('×')}`).sort();
        assert.deepEqual(shapes(described.flatMap(({ parameters }) => parameters)), shapes(built));
        const total = described.reduce((sum, layer) => sum + countParameters(layer), 0);
        const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
        assert.equal(
          total,
          built.reduce((sum, { shape }) => sum + product(shape), 0),
        );
      });
    }
  }
}

test('sizes that only the data tells are left open', () => {
  const { features, model } = classificationSchema.parse({ task: 'classification', data: { train: 'x.csv' } });
  const [embedding, recurrent, output] = layerShapes({ features, model });
  assert.deepEqual(embedding?.parameters, [{ name: 'embedding', shape: [null, 100] }]);
  // Four gates, two directions: 2 × 4 × 128 × (100 + 128 + 1).
  assert.equal(countParameters(recurrent!), 234_496);
  assert.equal(recurrent?.size, 256);
  assert.deepEqual([output?.size, countParameters(output!, 2)], [null, 514]);
});

for (const hidden of [[], [5], [6, 5, 4]]) {
  test(`a feed-forward network of hidden layers [${hidden.join(', ')}] is described as it is built`, () => {
    const experiment = vectorClassificationSchema.parse({
      data: { train: 'chat.csv' },
      features: { type: 'tfidf' },
      model: { hidden },
    });
    const described = vectorLayerShapes(experiment, { vocabulary: 11, classes: 3 });
    const spec = { features: 11, hidden, classes: 3 };
    const built = buildVectorTraining(spec, { classWeights: null, labelSmoothing: 0, dropout: 0 }).parameters;
    assert.deepEqual(
      described.flatMap(({ parameters }) => parameters),
      built.map(({ name, shape }) => ({ name, shape })),
    );
    assert.deepEqual(
      described.map(({ size }) => size),
      [...hidden, 3],
    );
  });
}
test('the layers of a tagger with a CRF are described as they are built', () => {
  const experiment = taggingSchema.parse({ task: 'tagging', data: { train: 'a' }, model: { hidden: 5 } });
  const found = layerShapes(experiment, { vocabulary: 9, classes: 4 }).flatMap(({ parameters }) => parameters);
  const spec = {
    ...{ vocabulary: 9, embedding: 100, cell: 'lstm' as const, hidden: 5 },
    ...{ layers: 1, bidirectional: true, tags: 4, crf: true },
  };
  const built = buildTagging(spec, {
    dropout: 0,
    trainEmbedding: true,
    sparseEmbedding: false,
    padded: true,
  }).parameters;
  assert.deepEqual(
    found.map(({ name, shape }) => [name, shape]),
    built.map(({ name, shape }) => [name, shape]),
  );
});
