/** What the sections `features` and `model` amount to, said beside their keys: shapes and numbers of parameters. */
import * as vscode from 'vscode';
import type { Runs } from '../contracts';
import { runsOf } from './experimentDocuments';
import type { LayerText } from './layerTexts';

export class LayerHints implements vscode.InlayHintsProvider {
  readonly onDidChangeInlayHints: vscode.Event<void>;

  constructor(private readonly runs: Pick<Runs, 'list' | 'onDidChange'>) {
    this.onDidChangeInlayHints = runs.onDidChange;
  }

  async provideInlayHints(document: vscode.TextDocument): Promise<vscode.InlayHint[]> {
    const [{ diagnoseExperiment }, { readExperimentSource, valueOffset }, { taskLayerTexts }] = await Promise.all([
      import('../../experiment/parseExperiment'),
      import('../../experiment/experimentSource'),
      import('./taskLayerTexts'),
    ]);
    const text = document.getText();
    const { source } = readExperimentSource(text);
    const { experiment } = diagnoseExperiment(text);
    if (source === undefined || experiment === undefined) return [];
    // A run with the same features on the same data tells what only the data knows.
    const same = runsOf(await this.runs.list(), document).find(
      (run) => run.report !== null && isSame(run.experiment, experiment),
    );
    const known = { vocabulary: same?.report?.data.vocabulary, classes: same?.report?.data.classes.length };
    const words = {
      tokens: vscode.l10n.t('tokens'),
      vocabulary: vscode.l10n.t('vocabulary'),
      classes: vscode.l10n.t('classes'),
      tags: vscode.l10n.t('tags'),
      steps: vscode.l10n.t('steps'),
      channels: vscode.l10n.t('channels'),
      window: vscode.l10n.t('rows and columns of a window'),
      encoder: vscode.l10n.t('encoder'),
      decoder: vscode.l10n.t('decoder'),
      each: (count: string) => vscode.l10n.t('{0} each', count),
      parameters: (count: string) => vscode.l10n.t('{0} parameters', count),
    };
    const texts = taskLayerTexts(experiment, known, words);
    const hints: vscode.InlayHint[] = [];
    for (const [key, layers] of [['features', [texts.features]] as const, ['model', texts.model] as const]) {
      const offset = valueOffset(source, [key]);
      if (offset !== undefined) hints.push(hintAt(document.positionAt(offset), layers));
    }
    return hints;
  }
}

function isSame(a: Experiments, b: Experiments): boolean {
  return JSON.stringify([a.data, a.features]) === JSON.stringify([b.data, b.features]);
}

interface Experiments {
  readonly data: unknown;
  readonly features: unknown;
}

/** A hint before the section's value, with an arrow from layer to layer and the parameters of each behind it. */
function hintAt(position: vscode.Position, layers: readonly LayerText[]): vscode.InlayHint {
  const parts = layers.flatMap(({ hint, detail }, at) => {
    const part = new vscode.InlayHintLabelPart(hint);
    part.tooltip = new vscode.MarkdownString(detail);
    return at === 0 ? [part] : [new vscode.InlayHintLabelPart(' → '), part];
  });
  const hint = new vscode.InlayHint(position, parts);
  hint.paddingRight = true;
  return hint;
}
