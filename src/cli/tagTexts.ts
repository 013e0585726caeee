/** What `predict` does with a tagger: the spans of texts, told as soon as they are known. */
import type { TaggedSpan, TagPrediction } from '../protocol';
import type { CommandContext } from './commandContext';
import { printable } from './displayText';
import { formatNumber, formatShare } from './format';
import type { Output } from './output';
import type { NumberedText } from './readTexts';

/** Most texts in one request: enough for full batches, few enough to show results soon. */
const REQUEST_SIZE = 256;

/** Tags every text, in order. */
export async function tagTexts(
  { options, engine, output, signal }: CommandContext,
  groups: AsyncIterable<readonly NumberedText[]>,
): Promise<void> {
  const model = options.positionals[0]!;
  const tell = options.flags.has('json') ? tellJson : output.isTTY ? tellTerminal : tellPipe;
  for await (const group of groups) {
    for (let start = 0; start < group.length; start += REQUEST_SIZE) {
      const part = group.slice(start, start + REQUEST_SIZE);
      const predictions = await engine.tag({ model, texts: part.map(({ text }) => text) }, signal);
      part.forEach((text, index) => {
        tell(output, text, predictions[index]!);
      });
      await output.drained();
    }
  }
}

function tellJson(output: Output, { line, text }: NumberedText, prediction: TagPrediction): void {
  output.json({ type: 'tags', line, text, ...prediction });
}

/** A line of the text, then its spans as `type: words`, between tabs. */
function tellPipe(output: Output, { text }: NumberedText, { spans }: TagPrediction): void {
  output.line([printable(text), ...spans.map(describeSpan)].join('\t'));
}

/** The text with its spans in bold, and below it a line for each span; a tagger without spans shows its tokens' tags. */
function tellTerminal(output: Output, { text }: NumberedText, { spans, tokens }: TagPrediction): void {
  let at = 0;
  let shown = '';
  for (const { start, end } of spans) {
    shown += printable(text.slice(at, start)) + output.paint('bold', printable(text.slice(start, end)));
    at = end;
  }
  output.line(shown + printable(text.slice(at)));
  const width = Math.max(0, ...spans.map(({ type }) => printable(type).length));
  for (const { type, text: words, probability } of spans) {
    const name = output.paint('green', printable(type).padEnd(width));
    output.line(`  ${name}  ${formatShare(probability).padStart(7)}  ${printable(words)}`);
  }
  const tags = tokens.filter(({ tag }) => tag !== 'O');
  if (spans.length === 0 && tags.length > 0) {
    output.line(`  ${tags.map(({ text: word, tag }) => `${printable(word)}/${printable(tag)}`).join(' ')}`);
  }
}

function describeSpan({ type, text, probability }: TaggedSpan): string {
  return `${printable(type)}: ${printable(text)} (${formatNumber(probability)})`;
}
