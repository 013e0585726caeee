/** Scores a tagger's file on a file of tagged sentences. */
import { loadTaggedEvaluation } from '../data/taggedDataset';
import { Vocabulary } from '../data/vocabulary';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { evaluateTagger } from '../inference/evaluateTagger';
import type { Tagger } from '../inference/tagger';
import type { EvaluateParameters, EvaluateResult } from '../protocol';
import { openTagged } from '../training/openData';

/** @throws UserError where the data cannot be understood; the signal's reason when it aborts */
export async function evaluateTagging(
  tagger: Tagger,
  { data: path, labels: tagFile, text, label }: EvaluateParameters,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  const { labels: tags, vocabulary, tokenizer, maximumLength, columns } = tagger.metadata;
  const data = await loadTaggedEvaluation({
    source: await openTagged(tagFile === undefined ? path : { tokens: path, tags: tagFile }, {
      token: text === undefined ? columns.token : columnNumber(text),
      tag: label === undefined ? (columns.tag ?? undefined) : columnNumber(label),
    }),
    vocabulary: new Vocabulary(vocabulary),
    tags,
    lowercase: tokenizer.lowercase,
    maximumLength,
    signal,
  });
  const sentences = data.parts.test;
  const metrics = await evaluateTagger({
    data,
    sentences,
    crf: tagger.crf,
    emissions: (batch) => tagger.emissions(Array.from(batch, (sentence) => data.tokens(sentence))),
    onProgress,
    signal,
  });
  return { task: 'tagging', examples: sentences.length, metrics };
}

function columnNumber(text: string): number {
  const column = Number(text);
  if (!/^\d+$/u.test(text) || column < 1 || !Number.isSafeInteger(column)) {
    throw new UserError(sentence`A column of tagged data is a whole number from 1, found "${text}".`);
  }
  return column;
}
