import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaggingScorer } from '../../../src/inference/taggingMetrics';

describe('scores of a tagger', () => {
  it('count tokens and whole spans', () => {
    const scorer = new TaggingScorer(true);
    const split = (tags: string): string[] => tags.split(' ');
    // The first span is right; the second has the right start and another end; the third is of another type.
    scorer.add(split('B-a I-a O B-b I-b'), split('B-a I-a O B-b O'), -1);
    scorer.add(split('B-a O'), split('B-b O'), -2);
    const { loss, accuracy, precision, recall, f1, perType } = scorer.metrics();
    assert.equal(loss, 1.5);
    assert.equal(accuracy, 5 / 7);
    assert.deepEqual([precision, recall, f1], [1 / 3, 1 / 3, 1 / 3]);
    assert.deepEqual(perType, [
      { label: 'a', precision: 1, recall: 1 / 2, f1: 2 / 3, support: 2 },
      { label: 'b', precision: 0, recall: 0, f1: 0, support: 1 },
    ]);
  });

  it('divide the loss by tokens without a CRF, and are zero where there is nothing', () => {
    const scorer = new TaggingScorer(false);
    assert.deepEqual(scorer.metrics(), { loss: 0, accuracy: 0, precision: 0, recall: 0, f1: 0, perType: [] });
    scorer.add(['NOUN', 'VERB'], ['NOUN', 'NOUN'], -3);
    assert.deepEqual(scorer.metrics(), { loss: 1.5, accuracy: 0.5, precision: 0, recall: 0, f1: 0, perType: [] });
  });
});
