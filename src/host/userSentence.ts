/** The one place where the sentences of the engine and of the folders below the host become those of the editor's language. */
import * as vscode from 'vscode';
import type { UserError } from '../errors';
import type { Report } from '../protocol';
import { render, type Sentence } from '../sentence';

/** A sentence in the language of the editor; English where it has no translation. */
export const inWords = (wording: Sentence): string => render(wording, (key, values) => vscode.l10n.t(key, ...values));

/** A user's mistake in the language of the editor, with its place before it, as `chat.csv:12:3: …`. */
export const userSentence = (error: UserError): string => error.placed(inWords(error.wording));

/** Why a run ended, in the language of the editor; in English for a run of an earlier version, undefined without a reason. */
export const reportWords = ({ message, wording }: Pick<Report, 'message' | 'wording'>): string | undefined =>
  wording === undefined ? message : inWords(wording);
