/** The command line from its words to an exit code: parses, runs, and tells every way to end; knows no process. */
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { EngineClient, EngineExitedError } from '../engine/client';
import { UserError } from '../errors';
import { version } from '../../package.json';
import { type Command, type DescribeData, exitCodes } from './commandContext';
import { parseCommandLine } from './commandLine';
import { type CommandName, commandTable } from './commandTable';
import { evaluateCommand } from './evaluateCommand';
import { renderCommandHelp, renderHelp } from './help';
import { initCommand } from './initCommand';
import { inspectCommand } from './inspectCommand';
import { Interruption, type SignalSource } from './interruption';
import { Output, type OutputStream } from './output';
import { predictCommand } from './predictCommand';
import { trainCommand } from './trainCommand';

/** The surroundings of the command line; a process hands in its own, a test its own. */
export interface CliOptions {
  /** Path of the engine's script. */
  readonly engineScript: string;
  /** Options of the runtime before the engine's script. */
  readonly engineExecArgv?: readonly string[];
  /** An engine that was forked in this turn of the event loop, ahead of the command that needs it. */
  readonly engineProcess?: ChildProcess;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: Writable;
  /** Whether stdout is a terminal; default: its own word. */
  readonly isTTY?: boolean;
  /** Width of the terminal in columns; default: its own word. */
  readonly columns?: number;
  /** NO_COLOR and TERM are read from it, and the engine gets it. */
  readonly env: NodeJS.ProcessEnv;
  readonly signals: SignalSource;
  readonly describeData: DescribeData;
}

const commands: Readonly<Record<CommandName, Command>> = {
  train: trainCommand,
  predict: predictCommand,
  evaluate: evaluateCommand,
  inspect: inspectCommand,
  init: initCommand,
};

/** Runs the words after the program's name. Resolves with the exit code when all is told and no process is left. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<number> {
  let stopping: string | undefined;
  const engineOptions = {
    script: options.engineScript,
    execArgv: options.engineExecArgv ?? [],
    env: options.env,
    // What a crash leaves behind comes with its error; the rest is of no use on a terminal.
    log: () => undefined,
  };
  const engine = new EngineClient(engineOptions, options.engineProcess);
  const output = new Output({
    ...options,
    onClosed: () => {
      interruption.stop();
    },
  });
  const interruption = new Interruption(
    options.signals,
    () => {
      if (stopping !== undefined) {
        output.errorLine(stopping);
      }
    },
    () => {
      engine.kill();
    },
  );
  try {
    const invocation = parseCommandLine(argv);
    switch (invocation.kind) {
      case 'help':
        output.lines(invocation.command === undefined ? renderHelp() : renderCommandHelp(invocation.command));
        return exitCodes.done;
      case 'version':
        output.line(version);
        return exitCodes.done;
      case 'command': {
        stopping = commandTable[invocation.name].stopping;
        const code = await commands[invocation.name]({
          ...options,
          options: invocation.options,
          engine,
          output,
          signal: interruption.signal,
        });
        return output.error === undefined ? code : tellError(output.error, output);
      }
    }
  } catch (error) {
    output.status('');
    // An engine that is still loading dies of the terminal's Ctrl-C, at times before this process gets its own.
    const isCtrlC = error instanceof EngineExitedError && error.exit.signal === 'SIGINT';
    if (isCtrlC || (isAnswerToStop(error) && interruption.signal.aborted)) {
      // Of a Ctrl-C that only comes to this process in a moment there is nothing more to tell.
      stopping = undefined;
      if (output.error !== undefined) {
        return tellError(output.error, output);
      }
      return isCtrlC || interruption.byUser ? exitCodes.interrupted : exitCodes.done;
    }
    return tellError(error, output);
  } finally {
    await engine.dispose();
    interruption.dispose();
  }
}

/** Whether an error is what a called-off or killed request ends with; other errors are told even then. */
function isAnswerToStop(error: unknown): boolean {
  if (error instanceof EngineExitedError) return error.exit.expected;
  return error instanceof Error && error.name === 'AbortError';
}

/** One line for what the user can mend; for anything else the whole stack. */
function tellError(error: unknown, output: Output): number {
  if (error instanceof UserError) {
    output.errorLine(error.sentence.replace(/\s*\n\s*/g, ' '));
    return exitCodes.mistake;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.errorLine(`This is a fault of sequence-lab, not of yours:\n${stack}`);
  return exitCodes.fault;
}
