/** `sequence-lab predict` with a language model: how texts go on, told while it is made up. */
import type { Readable } from 'node:stream';
import { UserError } from '../errors';
import type { GenerateParameters } from '../protocol';
import { type CommandContext, exitCodes } from './commandContext';
import type { CommandOptions } from './commandLine';
import { asUserError } from './fileErrors';

/** Options that only a language model takes. */
export const generationOptions = ['length', 'temperature', 'top-k', 'top-p', 'seed'] as const;
type Option = (typeof generationOptions)[number];

const parameterNames = {
  length: 'length',
  temperature: 'temperature',
  'top-k': 'topK',
  'top-p': 'topP',
  seed: 'seed',
} as const satisfies Record<Option, keyof GenerateParameters>;

/** Goes on with each prompt; a file or stdin is one prompt as it stands. */
export async function generateTexts(
  context: CommandContext,
  openInput: () => Promise<{ readonly stream: Readable; readonly path?: string }>,
): Promise<number> {
  const { options, engine, output, signal } = context;
  if (options.flags.has('explain')) throw new UserError('The option --explain is for classifiers; leave it out.');
  const parameters = { model: options.positionals[0]!, ...readOptions(options) };
  const prompts = options.values.get('text') ?? [await readAll(await openInput())];
  const json = options.flags.has('json');
  for (const [index, prompt] of prompts.entries()) {
    if (!json && output.isTTY) output.text(output.paint('dim', visible(prompt)));
    const result = await engine.generate(
      { ...parameters, prompt },
      ({ text, tokens }) => {
        if (json) output.json({ type: 'text', text, tokens });
        else output.text(output.isTTY ? visible(text) : text);
      },
      signal,
    );
    if (json) output.json({ type: 'generation', line: index + 1, prompt, ...result });
    else output.text('\n');
    await output.drained();
  }
  return exitCodes.done;
}

function readOptions({ values }: CommandOptions): Omit<GenerateParameters, 'model' | 'prompt'> {
  return Object.fromEntries(
    generationOptions.flatMap((option) => {
      const text = values.get(option)?.[0];
      if (text === undefined) return [];
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) {
        throw new UserError(`The option --${option} is a number, found "${text}".`);
      }
      return [[parameterNames[option], number] as const];
    }),
  );
}

async function readAll({ stream, path }: { stream: Readable; path?: string }): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  } catch (error) {
    throw path === undefined ? error : asUserError(error, path);
  }
  return text.replace(/^\uFEFF/u, '');
}

/** Without the control characters that a terminal would obey. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, '');
}
