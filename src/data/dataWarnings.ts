/** Sentences about what is doubtful in a data set though it can be used. */
import { countClasses } from './classStatistics';
import type { DatasetContent } from './dataset';
import { type Sentence, sentence } from '../sentence';
import { partWords } from './split';
import { maximumDictionarySize } from './tokenDictionary';

/** `overflow` counts tokens that came after the dictionary was full. */
export function dataWarnings(
  content: Omit<DatasetContent, 'warnings'>,
  maximumLength: number,
  overflow: number,
): Sentence[] {
  const { counts, parts, duplicatesAcrossParts } = content;
  const warnings: Sentence[] = [];
  if (duplicatesAcrossParts > 0) {
    warnings.push(
      sentence`${examples(duplicatesAcrossParts)} a text that stands in more than one of the parts, which makes the scores look better than they are; remove the duplicates or let deduplication remove them.`,
    );
  }
  if (counts.duplicatesRemoved > 0) {
    warnings.push(
      sentence`${examples(counts.duplicatesRemoved)} been left out because an earlier one has the same text and label.`,
    );
  }
  if (counts.withoutText > 0) warnings.push(sentence`${examples(counts.withoutText)} no text and have been left out.`);
  if (counts.truncated > 0) {
    warnings.push(
      sentence`${examples(counts.truncated)} more than ${maximumLength} tokens and have been cut to that length.`,
    );
  }
  if (overflow > 0) {
    warnings.push(
      sentence`The data has more than ${maximumDictionarySize} different tokens; ${overflow} later tokens count as unknown.`,
    );
  }
  for (const part of [parts.validation, parts.test]) {
    if (part.examples.length === 0 || parts.train.examples.length === 0) continue;
    for (const { label, count } of countClasses(content.table.labels.finish(), part.examples, content.classes)) {
      if (count === 0) warnings.push(sentence`The ${partWords[part.name]} has no example of the class "${label}".`);
    }
  }
  return warnings;
}

function examples(count: number): Sentence {
  return count === 1 ? sentence`1 example has` : sentence`${count} examples have`;
}
