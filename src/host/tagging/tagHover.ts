/** The hover over a span: what it is and how sure, and the legend of the document's colours. */
import * as vscode from 'vscode';
import { rangeOf } from '../markedTexts/markedTexts';
import { escapeText, probabilityText } from '../classification/hoverText';
import { modelName } from '../models/modelName';
import type { TaggedTexts } from './taggedTexts';
import { legendMarkdown, swatch } from './tagWords';

export class TagHover implements vscode.HoverProvider {
  constructor(private readonly taggedTexts: TaggedTexts) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const found = this.taggedTexts.spanAt(document, position);
    if (found === undefined) return undefined;
    const head = `${swatch(found.type, this.taggedTexts.styleOf(found.type))} ${probabilityText(found.probability)}`;
    const by = escapeText(vscode.l10n.t('by {0}', modelName(found.model)));
    const legend = this.taggedTexts.legendOf(document);
    const parts = [`${head} · ${by}`, ...(legend.length > 1 ? ['---', legendMarkdown(legend)] : [])];
    const content = new vscode.MarkdownString(parts.join('\n\n'));
    // The user's words are escaped to the last sign; HTML is for the colours.
    content.supportHtml = true;
    return new vscode.Hover(content, rangeOf(document, found));
  }
}
