/** Continue Text: a language model goes on from the cursor, and the text appears while it is made up. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { GenerationCommandId } from '../commandIds';
import type { Engine, Models, Runs } from '../contracts';
import { isAbort } from '../engineHost';
import { generationLength, generationTemperature } from '../settings';
import { GrowingText } from './growingText';
import { LanguageModels } from './languageModels';

/** What Continue Text acts on. */
export interface GenerationServices {
  readonly engine: Engine;
  readonly models: Models;
  readonly runs: Runs;
}

/** Characters before the cursor that the model reads: more than its memory reaches back. */
export const promptCharacters = 4_000;
/** Name that keybindings and menus know the work by. */
const contextKey = 'sequenceLab.isContinuing';

/** The actions of the commands that make text up. */
export function generationCommands({
  engine,
  models,
  runs,
}: GenerationServices): Record<GenerationCommandId, () => unknown> {
  const languageModels = new LanguageModels(engine, models, runs);
  let current: AbortController | undefined;
  return {
    'sequenceLab.continueText': async () => {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined) {
        throw new UserError(vscode.l10n.t('No text is open; open a file and put the cursor where the text goes on.'));
      }
      const model = await languageModels.usable();
      if (model === undefined) return;
      current?.abort();
      const stopping = new AbortController();
      current = stopping;
      await vscode.commands.executeCommand('setContext', contextKey, true);
      try {
        await continueText(engine, editor, model, stopping);
      } finally {
        if (current === stopping) {
          current = undefined;
          await vscode.commands.executeCommand('setContext', contextKey, false);
        }
      }
    },
    'sequenceLab.stopContinuing': () => {
      current?.abort();
    },
  };
}

async function continueText(
  engine: Engine,
  editor: vscode.TextEditor,
  model: string,
  stopping: AbortController,
): Promise<void> {
  const { document } = editor;
  const offset = document.offsetAt(editor.selection.end);
  const start = document.positionAt(Math.max(0, offset - promptCharacters));
  const prompt = document.getText(new vscode.Range(start, editor.selection.end));
  const growing = new GrowingText(editor, offset, () => {
    stopping.abort();
  });
  const message = vscode.window.setStatusBarMessage(
    `$(loading~spin) ${vscode.l10n.t('Continuing the text… Escape stops')}`,
  );
  try {
    await engine.client.generate(
      {
        model,
        // Models learn the line breaks of their texts, which mostly are line feeds.
        prompt: document.eol === vscode.EndOfLine.CRLF ? prompt.replaceAll('\r\n', '\n') : prompt,
        length: generationLength(document.uri),
        temperature: generationTemperature(document.uri),
      },
      ({ text }) => {
        if (!stopping.signal.aborted) growing.add(text);
      },
      stopping.signal,
    );
  } catch (error) {
    if (!isAbort(error)) throw error;
  } finally {
    await growing.finish();
    message.dispose();
  }
}
