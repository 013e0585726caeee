/** Goes on with a text and tells it in pieces, so that a face can show it while it grows. */
import { randomInt } from 'node:crypto';
import type { LanguageModel } from '../inference/languageModel';
import type { GeneratedText, GenerateParameters, GenerateResult } from '../protocol';

/** Milliseconds between two pieces: as often as a person can see. */
const interval = 40;
/** Seeds that are drawn are short enough to be typed. */
const seeds = 1_000_000;

/** @throws UserError for an option out of its range, and the signal's reason when it aborts */
export async function generateText(
  model: LanguageModel,
  { prompt, length = 200, temperature = 0.8, topK = 0, topP = 1, seed }: Omit<GenerateParameters, 'model'>,
  report: (piece: GeneratedText) => void,
  signal: AbortSignal,
): Promise<GenerateResult> {
  const chosen = seed ?? randomInt(seeds);
  let text = '';
  let piece = '';
  let tokens = 0;
  let told = performance.now();
  const tell = (): void => {
    if (piece !== '') report({ text: piece, tokens });
    piece = '';
    tokens = 0;
    told = performance.now();
  };
  const added = await model.generate(
    prompt,
    { length, temperature, topK, topP, seed: chosen },
    (token) => {
      text += token;
      piece += token;
      tokens += 1;
      if (performance.now() - told >= interval) tell();
    },
    signal,
  );
  tell();
  return { text, tokens: added, seed: chosen };
}
