/** What the command line understands, and what it says where it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForEngine, type Invocation, parseCommandLine } from '../../../src/cli/commandLine';
import { commandNames, commandTable } from '../../../src/cli/commandTable';
import { renderCommandHelp, renderHelp } from '../../../src/cli/help';
import { UserError } from '../../../src/errors';

function command(...argv: string[]): Extract<Invocation, { kind: 'command' }> {
  const invocation = parseCommandLine(argv);
  assert.ok(invocation.kind === 'command');
  return invocation;
}

function mistake(...argv: string[]): string {
  try {
    parseCommandLine(argv);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  assert.fail(`understood ${argv.join(' ')}`);
}

test('positionals, flags and values come apart, in any order', () => {
  const { name, options } = command('train', '--threads=4', 'a.rnn.json', '--resume', '--out', 'my runs', '--json');
  assert.equal(name, 'train');
  assert.deepEqual(options.positionals, ['a.rnn.json']);
  assert.deepEqual([...options.flags].sort(), ['json', 'resume']);
  assert.deepEqual(Object.fromEntries(options.values), { threads: ['4'], out: ['my runs'] });
});

test('an option that may repeat keeps its order, and a dash can be given', () => {
  const { options } = command('predict', 'm.onnx', '--text', 'b', '--text', 'a', '--text=-5 degrees', '--text=');
  assert.deepEqual(options.values.get('text'), ['b', 'a', '-5 degrees', '']);
  assert.deepEqual(command('predict', 'm.onnx', '--input', '-').options.values.get('input'), ['-']);
  assert.deepEqual(command('inspect', '--', '--odd.onnx').options.positionals, ['--odd.onnx']);
});

test('help and version', () => {
  assert.deepEqual(parseCommandLine(['--help']), { kind: 'help' });
  assert.deepEqual(parseCommandLine(['help', 'train']), { kind: 'help', command: 'train' });
  assert.deepEqual(parseCommandLine(['train', '--help']), { kind: 'help', command: 'train' });
  assert.deepEqual(parseCommandLine(['train', 'a', '-h']), { kind: 'help', command: 'train' });
  assert.deepEqual(parseCommandLine(['--version']), { kind: 'version' });
});

test('the engine is asked for where a command needs it, and not for help or a mistake', () => {
  for (const words of ['train x.rnn.json', 'predict m.onnx --text a', 'evaluate m.onnx a.csv', 'inspect m.onnx']) {
    assert.equal(asksForEngine(words.split(' ')), true, words);
  }
  for (const words of [
    'init',
    'train',
    'train x.rnn.json -h',
    'inspect --help',
    'train x --ecohs 3',
    'trian x',
    '--version',
  ]) {
    assert.equal(asksForEngine(words.split(' ')), false, words);
  }
});

test('mistakes are one sentence that says what to do', () => {
  const cases: [string[], string][] = [
    [[], 'No command was given; sequence-lab --help lists the commands.'],
    [['trian', 'a'], 'There is no command "trian"; did you mean train?'],
    [['bench'], 'There is no command "bench"; expected one of train, predict, evaluate, inspect, init.'],
    [['--json', 'train'], 'The command must come first, found --json; sequence-lab --help lists the commands.'],
    [['train', 'a', '--jsn'], 'The command train has no option --jsn; did you mean --json?'],
    [
      ['train', 'a', '--no-json'],
      'The command train has no option --no-json; sequence-lab train --help lists its options.',
    ],
    [
      ['train', 'a', '--constructor'],
      'The command train has no option --constructor; sequence-lab train --help lists its options.',
    ],
    [['train', 'a', '-j'], 'The command train has no option -j; sequence-lab train --help lists its options.'],
    [['train', 'a', '--json=yes'], 'The option --json takes no value, found "yes".'],
    [['train', 'a', '--out'], 'The option --out needs a value: --out DIR.'],
    [
      ['train', 'a', '--out', '--json'],
      'The option --out needs a value, found --json; a value that begins with a dash is given as --out=--json.',
    ],
    [['train', 'a', '--out', 'x', '--out', 'y'], 'The option --out was given twice; give it once.'],
    [['train'], 'The command train needs FILE.rnn.json: sequence-lab train FILE.rnn.json [options].'],
    [['evaluate', 'm'], 'The command evaluate needs DATA: sequence-lab evaluate MODEL.onnx DATA [options].'],
    [
      ['train', 'a', 'b'],
      'The command train does not know what to do with "b": sequence-lab train FILE.rnn.json [options].',
    ],
  ];
  for (const [argv, message] of cases) {
    assert.equal(mistake(...argv), message);
  }
});

test('the help names every command and every option', () => {
  const overall = renderHelp().join('\n');
  for (const name of commandNames) {
    assert.ok(overall.includes(`  ${name} `), name);
    const help = renderCommandHelp(name).join('\n');
    for (const option of [...Object.keys(commandTable[name].options), 'help']) {
      assert.match(help, new RegExp(`^  --${option}[ $]`, 'm'));
    }
  }
});
