/**
 * Tokenizers of other makers on running text: no word is first, so that nothing is put before one, and pieces put together
 * are the text again. Knows nothing of files but their names.
 */
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { bytesOfPiece, type ForeignTokenizer, type PreTokenizer } from './foreignTokenizer';
import { spaceMark } from './markedWords';

/**
 * The tokenizer without what it puts before the first word of a text.
 * @throws UserError naming `file` for one that forgets white space, so that no text can be made of its pieces
 */
export function runningTokenizer(foreign: ForeignTokenizer, file: string): ForeignTokenizer {
  const forgetful =
    foreign.normalizers.find(({ type }) => type === 'strip') ??
    foreign.preTokenizers.find(({ type }) => type === 'whitespace' || type === 'whitespaceSplit');
  const keeps = foreign.wordEnd === '' && (foreign.joining === 'bytes' || foreign.joining === 'marks');
  if (forgetful !== undefined || !keeps) {
    throw new UserError(
      sentence`the tokenizer forgets white space, which a language model has to write; expected one that keeps it, as those with the pre-tokenizer ByteLevel or Metaspace do.`,
      { file },
    );
  }
  return {
    ...foreign,
    normalizers: foreign.normalizers.filter(({ type }) => type !== 'prepend'),
    preTokenizers: foreign.preTokenizers.map(withoutPrefix),
  };
}

function withoutPrefix(step: PreTokenizer): PreTokenizer {
  if (step.type === 'bytes') return { ...step, prefixSpace: false };
  return step.type === 'metaspace' ? { ...step, prepend: false } : step;
}

/**
 * Stretches of a text that a tokenizer cuts the same by themselves as within the text: up to a space after something else,
 * or to the end of a line.
 */
export function stretches(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=[^\s])(?= )|(?<=\n)/u);
}

/** The text of pieces, told one after the other; a character that is spread over several comes with the last of them. */
export function runningWriter({ joining }: ForeignTokenizer): (piece: string) => string {
  if (joining !== 'bytes') return (piece) => piece.replaceAll(spaceMark, ' ');
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return (piece) => decoder.decode(bytesOfPiece(piece), { stream: true });
}
