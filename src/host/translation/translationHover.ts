/** The hover over a translated text, with where the model looked, and the actions that use the translation. */
import * as vscode from 'vscode';
import { rangeOf } from '../markedTexts/markedTexts';
import { escapeText } from '../classification/hoverText';
import { modelName } from '../models/modelName';
import { attentionTable } from './attentionTable';
import type { TranslatedText, Translations } from './translations';

const commands = ['sequenceLab.replaceWithTranslation', 'sequenceLab.insertTranslation'] as const;
/** Sentences whose attention a hover shows. */
const shownSentences = 3;

/** What a person reads on the actions, in their order. */
function titles(): Record<(typeof commands)[number], string> {
  return {
    'sequenceLab.replaceWithTranslation': vscode.l10n.t('Replace with the translation'),
    'sequenceLab.insertTranslation': vscode.l10n.t('Insert the translation below'),
  };
}

export class TranslationHover implements vscode.HoverProvider {
  constructor(private readonly translations: Translations) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const found = this.translations.at(document, position);
    if (found === undefined) return undefined;
    const content = new vscode.MarkdownString(markdown(document, found));
    // The user's text is escaped to the last sign; HTML is for the shades of the table.
    content.supportHtml = true;
    content.isTrusted = { enabledCommands: [...commands] };
    return new vscode.Hover(content, rangeOf(document, found.span));
  }
}

function markdown(document: vscode.TextDocument, { span, translation, model, sentences }: TranslatedText): string {
  const place = encodeURIComponent(JSON.stringify([document.uri.toString(), span.start]));
  const words = titles();
  const links = commands.map((command) => `[${escapeText(words[command])}](command:${command}?${place})`);
  const lines = translation.split(/\r\n|\n|\r/u).map(escapeText);
  const tables = sentences.slice(0, shownSentences).flatMap((sentence) => attentionTable(sentence) ?? []);
  return [
    lines.join('  \n'),
    `${escapeText(vscode.l10n.t('by {0}', modelName(model)))} · ${links.join(' · ')}`,
    ...(tables.length === 0 ? [] : ['---', escapeText(vscode.l10n.t('Where the model looked, in percent:'))]),
    ...tables,
  ].join('\n\n');
}

/** Offers the actions on a translated text. */
export class TranslationActions implements vscode.CodeActionProvider {
  static readonly kinds: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  constructor(private readonly translations: Translations) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.translations.at(document, range.start) ?? this.translations.at(document, range.end);
    if (found === undefined) return [];
    const words = titles();
    return commands.map((command) => {
      const action = new vscode.CodeAction(words[command], vscode.CodeActionKind.QuickFix);
      action.command = { title: words[command], command, arguments: [document.uri.toString(), found.span.start] };
      return action;
    });
  }
}
