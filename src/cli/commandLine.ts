/** The words of the command line as a command with its options, or a UserError with the nearest right word; runs nothing. */
import { parseArgs } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors';
import { type CommandName, commandNames, commandTable, commonOptions, type OptionSpec } from './commandTable';
import { renderUsage } from './help';

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly name: CommandName; readonly options: CommandOptions };

/** The arguments of one command; options are named without their dashes. */
export interface CommandOptions {
  /** In order, as many as the command's table asks for. */
  readonly positionals: readonly string[];
  /** Options without a value that were given. */
  readonly flags: ReadonlySet<string>;
  /** Values of the others, in the order in which they were given. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Understands the words after the program's name. Throws UserError for anything that the table does not know. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === undefined) {
    throw new UserError('No command was given; sequence-lab --help lists the commands.');
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    const [command] = rest;
    return command === undefined ? { kind: 'help' } : { kind: 'help', command: findCommand(command) };
  }
  if (first === '--version' || first === '-V') {
    return { kind: 'version' };
  }
  if (first.startsWith('-')) {
    throw new UserError(`The command must come first, found ${first}; sequence-lab --help lists the commands.`);
  }
  const name = findCommand(first);
  const options = parseOptions(name, rest);
  return options.flags.has('help') ? { kind: 'help', command: name } : { kind: 'command', name, options };
}

/** Whether the words ask for work of the engine; wrong words ask for none. */
export function asksForEngine(argv: readonly string[]): boolean {
  try {
    const invocation = parseCommandLine(argv);
    return invocation.kind === 'command' && commandTable[invocation.name].usesEngine;
  } catch (error) {
    if (error instanceof UserError) return false; // Whoever runs the command tells the mistake.
    throw error;
  }
}

function findCommand(word: string): CommandName {
  const found = commandNames.find((name) => name === word);
  if (found === undefined) {
    throw new UserError(
      `There is no command "${word}"; ${suggest(word, commandNames, (name) => name) ?? `expected one of ${commandNames.join(', ')}.`}`,
    );
  }
  return found;
}

function parseOptions(name: CommandName, words: readonly string[]): CommandOptions {
  const specs: Readonly<Record<string, OptionSpec>> = { ...commandTable[name].options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      ...Object.fromEntries(
        Object.entries(specs).map(([option, { value }]) => [
          option,
          { type: value === undefined ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    // The tokens are checked here, in words of our own.
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      positionals.push(token.value);
    } else if (token.kind === 'option') {
      const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
      if (spec === undefined) {
        throw unknownOption(name, token.rawName, Object.keys(specs));
      }
      if (spec.value === undefined) {
        if (token.value !== undefined) {
          throw new UserError(`The option --${token.name} takes no value, found "${token.value}".`);
        }
        flags.add(token.name);
      } else {
        const earlier = values.get(token.name) ?? [];
        if (earlier.length > 0 && spec.multiple !== true) {
          throw new UserError(`The option --${token.name} was given twice; give it once.`);
        }
        values.set(token.name, [...earlier, checkValue(token.name, spec.value, token.value, token.inlineValue)]);
      }
    }
  }
  if (!flags.has('help')) {
    checkPositionals(name, positionals);
  }
  return { positionals, flags, values };
}

/** A value that begins with a dash is more often a forgotten value before another option. */
function checkValue(option: string, shown: string, value: string | undefined, inline: boolean | undefined): string {
  if (value === undefined) {
    throw new UserError(`The option --${option} needs a value: --${option} ${shown}.`);
  }
  if (inline !== true && value.startsWith('-') && value !== '-') {
    throw new UserError(
      `The option --${option} needs a value, found ${value}; a value that begins with a dash is given as --${option}=${value}.`,
    );
  }
  return value;
}

function checkPositionals(name: CommandName, found: readonly string[]): void {
  const wanted = commandTable[name].positionals;
  const missing = wanted[found.length];
  if (missing !== undefined) {
    throw new UserError(`The command ${name} needs ${missing.name}: ${renderUsage(name)}.`);
  }
  const surplus = found[wanted.length];
  if (surplus !== undefined) {
    throw new UserError(`The command ${name} does not know what to do with "${surplus}": ${renderUsage(name)}.`);
  }
}

function unknownOption(command: CommandName, found: string, options: readonly string[]): UserError {
  const hint =
    suggest(found.replace(/^-+/, ''), options, (option) => `--${option}`) ??
    `sequence-lab ${command} --help lists its options.`;
  return new UserError(`The command ${command} has no option ${found}; ${hint}`);
}

/** A question after the nearest word, or undefined where none is near enough to be meant. */
function suggest(word: string, words: readonly string[], show: (word: string) => string): string | undefined {
  const nearest = closest(word, words);
  return distance(word, nearest) <= Math.max(1, Math.floor(nearest.length / 2))
    ? `did you mean ${show(nearest)}?`
    : undefined;
}
