/** The recurrent network of experiments on number series; must not know any task. */
import * as z from 'zod';
import { sentence } from '../sentence';
import { carried, flag, shareBelowOne, wholeNumber } from './values';

const keys = {
  cell: z.enum(['rnn', 'gru', 'lstm']).default('gru').describe('The recurrent cell.'),
  activation: z
    .enum(['tanh', 'relu'])
    .optional()
    .describe('Activation of the cell "rnn", and only of it; tanh unless given.'),
  hidden: wholeNumber(1, 8192).default(64).describe('Numbers in the hidden state of each direction.'),
  layers: wholeNumber(1, 16).default(1).describe('Recurrent layers, one upon the other.'),
  bidirectional: flag().default(false).describe('Read the series in both directions.'),
  dropout: shareBelowOne().default(0.1).describe('Share of numbers set to 0 between layers while training.'),
};

/** The keys of a recurrent network, to which a task adds its own. */
export const recurrentKeys = keys;

interface CellChoice {
  readonly cell: 'rnn' | 'gru' | 'lstm';
  readonly activation?: 'tanh' | 'relu' | undefined;
}

/** Refuses an activation where the cell has no choice. */
export function checkActivation({ cell, activation }: CellChoice, context: z.RefinementCtx): void {
  if (activation === undefined || cell === 'rnn') return;
  context.addIssue({
    code: 'custom',
    path: ['activation'],
    message: carried(
      sentence`only the cell "rnn" has a choice of activation, and this cell is ${JSON.stringify(cell)}; remove the key or set "cell" to "rnn".`,
    ),
  });
}
