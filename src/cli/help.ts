/** The text of --help, made from the table of commands; pure. */
import { type CommandName, commandNames, commandTable, commonOptions } from './commandTable';

/** Help on the whole program. */
export function renderHelp(): string[] {
  return [
    'Sequence Lab: train recurrent networks on your own text, get ONNX files, use them. All on this machine.',
    '',
    'Usage: sequence-lab COMMAND [options]',
    '',
    'Commands:',
    ...alignPairs(commandNames.map((name) => [name, commandTable[name].summary])),
    '',
    'Options:',
    ...alignPairs([
      ['--help', 'Tell what there is; after a command, what that command takes.'],
      ['--version', 'Tell the version.'],
    ]),
    '',
    'Exit codes: 0 done, 1 something to mend in the input, 2 a fault of sequence-lab, 130 interrupted.',
  ];
}

/** Help on one command. */
export function renderCommandHelp(name: CommandName): string[] {
  const { summary, positionals, options, notes } = commandTable[name];
  return [
    summary,
    '',
    `Usage: ${renderUsage(name)}`,
    '',
    ...alignPairs(positionals.map((positional) => [positional.name, positional.help])),
    ...(positionals.length > 0 ? [''] : []),
    'Options:',
    ...alignPairs(
      Object.entries({ ...options, ...commonOptions }).map(([option, { value, help }]) => [
        value === undefined ? `--${option}` : `--${option} ${value}`,
        help,
      ]),
    ),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

/** How a command is called, in one line. */
export function renderUsage(name: CommandName): string {
  const { positionals } = commandTable[name];
  return ['sequence-lab', name, ...positionals.map((positional) => positional.name), '[options]'].join(' ');
}

function alignPairs(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
