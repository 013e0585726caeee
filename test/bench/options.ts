/** The options of the measurements; for help it prints the usage, and a mistake ends the program with one sentence. */
import { parseArgs } from 'node:util';

const usage = `Usage: npm run bench -- [OPTIONS]

Measures training steps, predictions, growth and start-up.

  --peer torch        Measure PyTorch in turn with ours (A B A B).
  --experiment FILE   Measure an epoch of this experiment instead.
  --only TEXT         Measure only rows whose name contains TEXT.
  --threads N         Threads of both sides; default: all cores.
  --rounds N          How often the sides take turns; default 3.
  --json              Print JSON lines only.
  --help              Tell what there is, and do nothing.`;

export interface BenchOptions {
  readonly peer: 'torch' | undefined;
  readonly experiment: string | undefined;
  readonly threads: number | undefined;
  readonly rounds: number;
  readonly json: boolean;
  /** Whether a row of this name is to be measured. */
  readonly wants: (name: string) => boolean;
}

/** Ends the program after the help and after a mistake. */
export function readOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        peer: { type: 'string' },
        threads: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        experiment: { type: 'string' },
        only: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    const { peer, experiment, json } = values;
    if (peer !== undefined && peer !== 'torch') {
      throw new TypeError(`The only peer is torch, found ${JSON.stringify(peer)}.`);
    }
    return {
      peer,
      experiment,
      threads: values.threads === undefined ? undefined : count('threads', values.threads),
      rounds: count('rounds', values.rounds),
      json,
      wants: (name) => name.includes(values.only),
    };
  } catch (error) {
    // parseArgs tells unknown options and missing values by errors of this kind.
    if (!(error instanceof TypeError)) throw error;
    const [sentence] = error.message.split(/\.\s|\n/u);
    console.error(`${sentence!.replace(/\.$/u, '')}. Run npm run bench -- --help for what there is.`);
    process.exit(1);
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new TypeError(`The option --${name} is a whole number from 1, found ${JSON.stringify(text)}.`);
}
