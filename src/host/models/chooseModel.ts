/** Asking the user for a model: a list of the runs' models, or any file. Knows nothing of what it is for. */
import * as vscode from 'vscode';
import type { Report, Task } from '../../protocol';
import type { RunSummary } from '../../runs/readRun';
import { mainScoreText } from '../scoreText';

interface ModelItem extends vscode.QuickPickItem {
  /** The model; undefined for the entry that looks for a file. */
  readonly model?: vscode.Uri;
}

/** Lets the user choose among the runs' models, newest first, or browse for a file; undefined where they chose none. */
export async function chooseModel(
  runs: readonly RunSummary[],
  active: vscode.Uri | undefined,
  task: Task = 'classification',
): Promise<vscode.Uri | undefined> {
  const browse: ModelItem = {
    label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`,
    detail: vscode.l10n.t('Any ONNX file that Sequence Lab exported'),
  };
  const trained = runs.filter(({ model, experiment }) => model !== null && experiment.task === task);
  if (trained.length === 0) return browseForModel();
  const items = trained.map((run): ModelItem => {
    const model = vscode.Uri.file(run.model!);
    const isActive = model.fsPath === active?.fsPath;
    return {
      label: `${isActive ? '$(check)' : '$(symbol-class)'} ${run.displayName}`,
      description: scoreText(run.report),
      detail: vscode.l10n.t('Trained {0}', run.created.toLocaleString(vscode.env.language)),
      model,
    };
  });
  const separator: ModelItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const picked = await vscode.window.showQuickPick([...items, separator, browse], {
    ...wordsOf(task),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  return picked.model ?? browseForModel();
}

/** What the list of a task's models says of itself. */
function wordsOf(task: Task): { readonly title: string; readonly placeHolder: string } {
  switch (task) {
    case 'tagging':
      return {
        title: vscode.l10n.t('Model for tagging'),
        placeHolder: vscode.l10n.t('The model that Tag Selection uses'),
      };
    case 'translation':
      return {
        title: vscode.l10n.t('Model for translation'),
        placeHolder: vscode.l10n.t('The model that Translate Selection uses'),
      };
    default:
      return {
        title: vscode.l10n.t('Model for classification'),
        placeHolder: vscode.l10n.t('The model that Classify Selection uses'),
      };
  }
}

/** Lets the user choose a model file; undefined where they chose none. */
export async function browseForModel(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Load Model'),
    openLabel: vscode.l10n.t('Load'),
    filters: { [vscode.l10n.t('ONNX models')]: ['onnx'] },
  });
  return files?.[0];
}

/** The best score that a report tells: on the test part, else on the validation part. */
function scoreText(report: Report | null): string {
  const metrics = report?.test ?? report?.best?.validation;
  return metrics === undefined ? '' : mainScoreText(metrics);
}
