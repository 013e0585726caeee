/** What every command is handed: the engine, the output, the input and the signal to stop. */
import type { Readable } from 'node:stream';
import type { DataLook } from '../data/dataLook';
import type { EngineClient } from '../engine/client';
import type { CommandOptions } from './commandLine';
import type { Output } from './output';

/** Takes a first look at the data at a path; throws UserError where it cannot. */
export type DescribeData = (path: string) => Promise<DataLook>;

/** Exit codes of the program. */
export const exitCodes = { done: 0, mistake: 1, fault: 2, interrupted: 130 } as const;

/** Surroundings of a command. */
export interface CommandContext {
  readonly options: CommandOptions;
  readonly engine: EngineClient;
  readonly output: Output;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Aborts when the user interrupts or nobody reads the output. */
  readonly signal: AbortSignal;
  readonly describeData: DescribeData;
}

/** Does the command's work and says how it ended; mistakes and faults are thrown. */
export type Command = (context: CommandContext) => Promise<number>;
