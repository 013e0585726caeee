/** What the user can mend, told in one sentence; anything else that is thrown is a fault of ours and keeps its stack. */

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

/** A mistake of the user's: its message is one complete sentence and is shown as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;

  constructor(message: string, place: Place = {}) {
    super(message);
    this.place = place;
  }

  /** The sentence with its place before it, as `chat.csv:12:3: …`. */
  get sentence(): string {
    const { file, line, column, key } = this.place;
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    return (
      [where, key]
        .filter((part) => part !== undefined && part !== '')
        .map((part) => `${part}: `)
        .join('') + this.message
    );
  }
}
