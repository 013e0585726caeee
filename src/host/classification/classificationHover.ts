/** The hover over a classified text; asks for the words that decided it where they are not known yet. */
import * as vscode from 'vscode';
import type { Models } from '../contracts';
import { modelName } from '../models/modelName';
import { rangeOf } from '../markedTexts/markedTexts';
import type { Classification, Classifications } from './classifications';
import { hoverMarkdown } from './hoverText';

/** The one command that a link in the hover may run. */
const correctCommand = 'sequenceLab.correctLabel';

export class ClassificationHover implements vscode.HoverProvider {
  constructor(
    private readonly models: Models,
    private readonly classifications: Classifications,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const found = this.classifications.at(document, position);
    if (found === undefined) return undefined;
    const prediction = await this.explained(found, token);
    const place = encodeURIComponent(JSON.stringify([document.uri.toString(), found.span.start]));
    const content = new vscode.MarkdownString(
      hoverMarkdown(found.text, prediction, {
        model: vscode.l10n.t('by {0}', modelName(found.model)),
        decidedBy: vscode.l10n.t('Decided by:'),
        moreClasses: (count) => vscode.l10n.t('and {0} more classes', count),
        correct: { label: vscode.l10n.t('Label is wrong…'), command: `command:${correctCommand}?${place}` },
      }),
    );
    // The user's text is escaped to the last sign; HTML is for the shading of its words.
    content.supportHtml = true;
    content.isTrusted = { enabledCommands: [correctCommand] };
    return new vscode.Hover(content, rangeOf(document, found.span));
  }

  private async explained(
    found: Classification,
    token: vscode.CancellationToken,
  ): Promise<Classification['prediction']> {
    const { prediction } = found;
    if (prediction.tokens !== undefined || this.models.active?.fsPath !== found.model) return prediction;
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    const [explained] = (await this.models.classify([found.text], { explain: true, signal: abort.signal })) ?? [];
    return explained ?? prediction;
  }
}
