/** Translate Selection, and what can be done with a translation: put it in the text's place, or below it. */
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import { rangeOf } from '../markedTexts/markedTexts';
import { withLateProgress } from '../lateProgress';
import { selectedTexts } from '../markedTexts/selectedTexts';
import type { TranslationCommandId } from '../commandIds';
import type { Models } from '../contracts';
import type { SelectionAnswers } from '../selectionAnswers';
import { translateTexts } from './translateTexts';
import { TranslationActions, TranslationHover } from './translationHover';
import type { TranslatedText, Translations } from './translations';

/** What these commands act on. */
export interface TranslationServices {
  readonly models: Models;
  readonly translations: Translations;
  readonly selections: SelectionAnswers;
}

/** The actions of the commands that translate. */
export function translationCommands({
  models,
  translations,
  selections,
}: TranslationServices): Record<TranslationCommandId, (...parameters: unknown[]) => unknown> {
  return {
    'sequenceLab.translateSelection': () => translateSelection(models, translations, selections),
    'sequenceLab.replaceWithTranslation': (uri, start) => put(translations, uri, start, 'replace'),
    'sequenceLab.insertTranslation': (uri, start) => put(translations, uri, start, 'below'),
    'sequenceLab.clearTranslations': () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document !== undefined) translations.set(document, []);
    },
  };
}

/** Hover and code actions over translated text, in every kind of document. */
export function registerTranslationFeatures(translations: Translations): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider('*', new TranslationHover(translations)),
    vscode.languages.registerCodeActionsProvider('*', new TranslationActions(translations), TranslationActions.kinds),
  );
}

/** Translates what is selected, or the paragraphs at the cursors, and shows the translations after it. */
async function translateSelection(
  models: Models,
  translations: Translations,
  selections: SelectionAnswers,
): Promise<void> {
  const { document, spans, texts } = selectedTexts({
    noEditor: vscode.l10n.t('No text is open; open a file and select the text to translate.'),
    noText: vscode.l10n.t(
      'There is no text at the cursor; select the text to translate, or put the cursor into a paragraph.',
    ),
  });
  const found = await withLateProgress(
    vscode.l10n.t('Translating…'),
    translateTexts(texts, (sentences) => models.translate(sentences)),
  );
  const model = models.activeOf('translation')?.fsPath;
  if (found === undefined || model === undefined) return;
  translations.add(
    document,
    spans.map((span, at): TranslatedText => ({ span, text: texts[at]!, model, ...found[at]! })),
  );
  selections.tell({ task: 'translation', text: texts[0]!, model, found: found[0]! });
}

/** Puts the translation that starts at an offset of a document, or that at the cursor, where it is wanted. */
async function put(
  translations: Translations,
  uri: unknown,
  start: unknown,
  where: 'replace' | 'below',
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const document =
    typeof uri === 'string'
      ? vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri)
      : editor?.document;
  const found =
    document === undefined
      ? undefined
      : typeof start === 'number'
        ? translations.of(document).find(({ span }) => span.start === start)
        : editor === undefined
          ? undefined
          : translations.at(document, editor.selection.active);
  if (document === undefined || found === undefined) {
    throw new UserError(vscode.l10n.t('There is no translation at the cursor; run Translate Selection first.'));
  }
  const range = rangeOf(document, found.span);
  const edit = new vscode.WorkspaceEdit();
  if (where === 'replace') {
    edit.replace(document.uri, range, found.translation);
  } else {
    const line = document.lineAt(range.end.line);
    const first = document.lineAt(range.start.line);
    const indent = first.text.slice(0, first.firstNonWhitespaceCharacterIndex);
    const lineBreak = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    edit.insert(document.uri, line.range.end, `${lineBreak}${indent}${found.translation}`);
  }
  await vscode.workspace.applyEdit(edit);
}
