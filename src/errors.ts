/** What the user can mend, told in one sentence; anything else that is thrown is a fault of ours and keeps its stack. */
import { asIs, english, type Sentence } from './sentence';

/** Where a user's mistake is: enough for a terminal's `file:line:column` and for an editor's diagnostic. */
export interface Place {
  /** Path of the file as the user named it. */
  readonly file?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** Column in the line, from 1. */
  readonly column?: number;
  /** Path of a key in an experiment file, as `training.learningRate`. */
  readonly key?: string;
}

/** A mistake of the user's: its message is one complete sentence in English and is shown without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;
  readonly #wording: Sentence;

  /** A plain text is shown as it is: that of the command line is English, that of the host is translated already. */
  constructor(wording: Sentence | string, place: Place = {}) {
    super(typeof wording === 'string' ? wording : english(wording));
    this.#wording = typeof wording === 'string' ? asIs(wording) : wording;
    this.place = place;
  }

  /** The message for other languages; not one of the values that a log would print beside the message. */
  get wording(): Sentence {
    return this.#wording;
  }

  /** The English message with its place before it, as `chat.csv:12:3: …`. */
  get sentence(): string {
    return this.placed(this.message);
  }

  /** The message, in any language, with its place before it. */
  placed(message: string): string {
    const { file, line, column, key } = this.place;
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    return (
      [where, key]
        .filter((part) => part !== undefined && part !== '')
        .map((part) => `${part}: `)
        .join('') + message
    );
  }
}
