/** Scores a language model on plain text. */
import { readTextPart } from '../data/textCorpus';
import { Vocabulary } from '../data/vocabulary';
import { openTextSource } from '../files/textFiles';
import type { LanguageModel } from '../inference/languageModel';
import type { EvaluateResult } from '../protocol';

/** @throws UserError where the text cannot be read or is too little, and the signal's reason when it aborts */
export async function evaluateOnText(
  model: LanguageModel,
  path: string,
  report: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EvaluateResult> {
  const { tokenizer, vocabulary } = model.metadata;
  const part = await readTextPart(await openTextSource(path), tokenizer, new Vocabulary(vocabulary), { signal });
  const metrics = await model.score(part, report, signal);
  return { task: 'languageModel', examples: part.ids.length, unit: 'tokens', metrics };
}
