/** Tables, curves and scores as lines of text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMetrics, summarizeMetrics } from '../../../src/cli/metricsReport';
import { quoteArgument } from '../../../src/cli/quoteArgument';
import { renderSparkline } from '../../../src/cli/sparkline';
import { renderTable } from '../../../src/cli/table';
import type { ClassificationMetrics } from '../../../src/protocol';
import { metrics } from '../engine/fakeServices';

test('a table aligns its columns by what a terminal shows', () => {
  assert.deepEqual(
    renderTable(
      [
        { title: 'class', maximumWidth: 6 },
        { title: 'n', align: 'right' },
      ],
      [
        ['日本', '7'],
        ['a long name', '1,000'],
      ],
    ),
    ['class       n', '日本        7', 'a lon…  1,000'],
  );
});

test('a curve runs between minimum and maximum', () => {
  assert.equal(renderSparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), '▁▂▃▄▅▆▇█');
  assert.equal(renderSparkline([3, 1], 10), '█▁');
  assert.equal(renderSparkline([2, 2, 2], 10), '▁▁▁');
  assert.equal(renderSparkline([], 10), '');
  assert.equal(renderSparkline([1, 2], 0), '');
});

test('a curve takes the mean of each share, and leaves out what is not finite', () => {
  assert.equal(renderSparkline([0, 2, 4, 6, 8, 14], 3), '▁▄█');
  assert.equal(renderSparkline([1, NaN, Infinity, 2], 4), '▁  █');
  assert.equal(renderSparkline([1, NaN, 3, 3], 2), '▁█');
});

test('scores are a summary, a table of classes and a confusion matrix', () => {
  assert.equal(summarizeMetrics(metrics), 'loss 0.250, accuracy 0.900, macro F1 0.875');
  assert.deepEqual(renderMetrics(metrics), [
    'class  precision  recall     F1  examples',
    'calm       0.900   0.950  0.924         6',
    'toxic      0.880   0.800  0.838         4',
    '',
    'true \\ predicted  calm  toxic',
    'calm                 6      0',
    'toxic                1      3',
  ]);
});

test('many classes have no confusion matrix, and the rarest no line', () => {
  const lines = renderMetrics(manyClasses(13));
  assert.equal(lines.length, 14);
  assert.equal(renderMetrics(manyClasses(12)).length, 13 + 1 + 13);
  const shortened = renderMetrics(manyClasses(32));
  assert.equal(shortened.length, 32);
  assert.match(shortened[1]!, /^class 31 .* 31$/);
  assert.equal(shortened.at(-1), '… and 2 rarer classes');
});

test('an argument is quoted where a shell would split or read it', () => {
  assert.equal(quoteArgument('runs/chat-1/model.onnx'), 'runs/chat-1/model.onnx');
  assert.equal(quoteArgument('my runs/$x.onnx'), '"my runs/\\$x.onnx"');
});

function manyClasses(count: number): ClassificationMetrics {
  return {
    ...metrics,
    perClass: Array.from({ length: count }, (_, index) => ({
      label: `class ${index}`,
      precision: 1,
      recall: 1,
      f1: 1,
      support: index,
    })),
    confusion: Array.from({ length: count }, () => Array<number>(count).fill(0)),
  };
}
