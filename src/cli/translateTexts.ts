/** `sequence-lab predict` with a translator: the translation of each line, told as soon as it is known. */
import { UserError } from '../errors';
import type { TranslateParameters, Translation } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import type { CommandOptions } from './commandLine';
import { printable } from './displayText';
import type { Output } from './output';
import type { NumberedText } from './readTexts';

/** Options that only a translator takes. */
const translationOptions = ['beam', 'length-penalty'] as const;

/** @throws UserError where the options hold one that this model is not for */
export function refuseTranslationOptions({ values }: CommandOptions): void {
  const unfit = translationOptions.find((option) => values.has(option));
  if (unfit === undefined) return;
  throw new UserError(`The option --${unfit} is for translators, and this model is none; leave it out.`);
}

/** Lines in one request: few, so that results are there soon. */
const requestSize = 16;
/** Source pieces that an explanation shows for each piece of the translation. */
const shownPieces = 3;

/** Translates every text, in order. */
export async function translateTexts(
  { options, engine, output, signal }: CommandContext,
  groups: AsyncIterable<readonly NumberedText[]>,
): Promise<number> {
  const parameters = { model: options.positionals[0]!, ...readSearchOptions(options) };
  const explain = options.flags.has('explain');
  for await (const group of groups) {
    for (let start = 0; start < group.length; start += requestSize) {
      const part = group.slice(start, start + requestSize);
      const translations = await engine.translate({ ...parameters, texts: part.map(({ text }) => text) }, signal);
      part.forEach((text, at) => {
        if (options.flags.has('json')) tellJson(output, text, translations[at]!, explain);
        else tell(output, translations[at]!, explain);
      });
      await output.drained();
    }
  }
  return exitCodes.done;
}

/** How to search, as the options say; empty where they do not. */
export function readSearchOptions({ values }: CommandOptions): Pick<TranslateParameters, 'beam' | 'lengthPenalty'> {
  const beam = values.get('beam')?.[0];
  if (beam !== undefined && !(/^\d+$/.test(beam) && Number(beam) >= 1 && Number(beam) <= 1000)) {
    throw new UserError(`The option --beam is a whole number from 1 to 1000, found "${beam}".`);
  }
  const penalty = values.get('length-penalty')?.[0];
  if (penalty !== undefined && !(penalty.trim() !== '' && Number(penalty) >= 0 && Number(penalty) <= 10)) {
    throw new UserError(`The option --length-penalty is a number from 0 to 10, found "${penalty}".`);
  }
  return {
    ...(beam === undefined ? {} : { beam: Number(beam) }),
    ...(penalty === undefined ? {} : { lengthPenalty: Number(penalty) }),
  };
}

function tellJson(output: Output, { line, text }: NumberedText, translation: Translation, explain: boolean): void {
  const { text: translated, probability, ...pieces } = translation;
  const detail = explain ? pieces : {};
  output.json({ type: 'translation', line, text, translation: translated, probability, ...detail });
}

function tell(output: Output, { text, source, target, attention }: Translation, explain: boolean): void {
  output.line(printable(text));
  if (!explain) return;
  for (const [at, piece] of target.entries()) {
    const seen = source
      .map((word, place) => ({ word, weight: attention[at]![place]! }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, shownPieces)
      .map(({ word, weight }) => `${printable(word)} ${weight.toFixed(2)}`);
    output.line(`  ${printable(piece)}\t${seen.join(', ')}`);
  }
}
