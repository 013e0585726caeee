/** The cells by the name that an experiment gives them. */
import type { Cell } from './cell';
import { gru } from './gru';
import { lstm } from './lstm';
import { rnn } from './rnn';

export const cells = { rnn: rnn('tanh'), 'rnn-relu': rnn('relu'), gru, lstm } as const satisfies Record<string, Cell>;

export type CellName = keyof typeof cells;
