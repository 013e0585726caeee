/** `sequence-lab predict`: the class of texts from the arguments, a file or stdin, told as soon as it is known. */
import { open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { ClassPrediction, TokenInfluence } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import { UserError } from '../errors';
import { asUserError } from './fileErrors';
import { displayWidth, fitText, padText, printable } from './displayText';
import { formatNumber, formatShare } from './format';
import { generateTexts, generationOptions } from './generateTexts';
import type { Output } from './output';
import { predictNumbers } from './predictNumbers';
import { readTexts, type NumberedText } from './readTexts';
import { tagTexts } from './tagTexts';
import { refuseTranslationOptions, translateTexts } from './translateTexts';

/** Most texts in one request: enough for full batches, few enough to show results soon. */
const REQUEST_SIZE = 256;
/** Columns that a class may take on a terminal. */
const LABEL_WIDTH = 24;
/** Tokens that a terminal shows of an explanation, those of the greatest influence. */
const SHOWN_TOKENS = 8;

/** Predicts every text, in order. */
export async function predictCommand(context: CommandContext): Promise<number> {
  const { options, engine, output, signal } = context;
  const model = options.positionals[0]!;
  if (options.values.has('text') && options.values.has('input')) {
    throw new UserError('The options --text and --input exclude each other; give one of them.');
  }
  const { task, channels } = await engine.inspect({ model }, signal);
  if (channels !== undefined) return predictNumbers(context, task);
  if (task === 'translation') return translateTexts(context, textsOf(context));
  refuseTranslationOptions(options);
  const explain = options.flags.has('explain');
  if (task === 'languageModel') return generateTexts(context, () => openInput(context));
  if (task === 'tagging') {
    await tagTexts(context, textsOf(context));
    return exitCodes.done;
  }
  const foreign = generationOptions.find((option) => options.values.has(option));
  if (foreign !== undefined) {
    throw new UserError(`The option --${foreign} is for language models, and this model is none; leave it out.`);
  }
  const tell = options.flags.has('json') ? tellJson : output.isTTY ? tellTerminal : tellPipe;
  for await (const group of textsOf(context)) {
    for (let start = 0; start < group.length; start += REQUEST_SIZE) {
      const part = group.slice(start, start + REQUEST_SIZE);
      const texts = part.map(({ text }) => text);
      const predictions = await engine.predict({ model, texts, explain }, signal);
      part.forEach((text, index) => {
        tell(output, text, predictions[index]!);
      });
      await output.drained();
    }
  }
  return exitCodes.done;
}

async function* textsOf(context: CommandContext): AsyncGenerator<readonly NumberedText[]> {
  const texts = context.options.values.get('text');
  if (texts !== undefined) {
    yield texts.map((text, index) => ({ line: index + 1, text }));
  } else {
    const { stream, path } = await openInput(context, 'One text a line; ');
    yield* readTexts(stream, path);
  }
}

/** The file of --input, or stdin; `hint` is what a person at a terminal is told. */
async function openInput(
  { options, stdin, output, signal }: CommandContext,
  hint = '',
): Promise<{ stream: Readable; path?: string }> {
  const input = options.values.get('input')?.[0];
  if (input !== undefined && input !== '-') {
    return { stream: addAbortSignal(signal, await openFile(input)), path: input };
  }
  if (stdin.isTTY === true) {
    output.errorLine(`${hint}${process.platform === 'win32' ? 'Ctrl-Z and Enter' : 'Ctrl-D'} ends.`);
  }
  return { stream: addAbortSignal(signal, stdin) };
}

async function openFile(path: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw asUserError(error, path);
  }
}

function tellJson(output: Output, { line, text }: NumberedText, prediction: ClassPrediction): void {
  output.json({ type: 'prediction', line, text, ...prediction });
}

function tellPipe(output: Output, { text }: NumberedText, { label, probability, tokens }: ClassPrediction): void {
  const cells = [printable(label), formatNumber(probability), printable(text)];
  if (tokens !== undefined) {
    cells.push(tokens.map(describeToken).join(', '));
  }
  output.line(cells.join('\t'));
}

function tellTerminal(output: Output, { text }: NumberedText, prediction: ClassPrediction): void {
  const { label, probability, classes, tokens } = prediction;
  const width = Math.min(LABEL_WIDTH, Math.max(...classes.map((item) => displayWidth(printable(item.label)))));
  const head = `${padText(fitText(printable(label), width), width, 'left')}  ${formatShare(probability).padStart(7)}  `;
  const rest = fitText(printable(text), Math.max(10, output.columns - 1 - displayWidth(head)));
  output.line(output.paint('bold', head) + rest);
  if (tokens !== undefined) {
    const strongest = [...tokens].sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence)).slice(0, SHOWN_TOKENS);
    const shown = strongest.map((token) => output.paint(token.influence < 0 ? 'red' : 'green', describeToken(token)));
    output.line(`${' '.repeat(width + 2)}${shown.join('  ')}`);
  }
}

function describeToken({ text, influence, known }: TokenInfluence): string {
  const size = `${influence < 0 ? '' : '+'}${formatNumber(influence)}`;
  return `${printable(text)} ${size}${known ? '' : ' (unknown)'}`;
}
