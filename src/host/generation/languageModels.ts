/** Which model goes on with a text: the active one, else one of the runs' or a file of the user's. Knows no editor text. */
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { Engine, Models, Runs } from '../contracts';
import { browseForModel } from '../models/chooseModel';
import { mainScoreText } from '../scoreText';

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: string;
}

/** Finds a language model and makes it the active one. */
export class LanguageModels {
  constructor(
    private readonly engine: Engine,
    private readonly models: Pick<Models, 'activeOf' | 'activate'>,
    private readonly runs: Pick<Runs, 'list'>,
  ) {}

  /** Path of the active language model, else of the only one there is, else of the one that the user chooses; undefined where they chose none. */
  async usable(): Promise<string | undefined> {
    const active = this.models.activeOf('languageModel')?.fsPath;
    if (active !== undefined && (await exists(active))) return active;
    const chosen = await this.choose();
    if (chosen !== undefined) await this.models.activate(vscode.Uri.file(chosen));
    return chosen;
  }

  private async choose(): Promise<string | undefined> {
    const trained = (await this.runs.list()).filter(
      ({ model, experiment }) => model !== null && experiment.task === 'languageModel',
    );
    if (trained.length === 1) return trained[0]!.model!;
    if (trained.length === 0) {
      const browse = vscode.l10n.t('Browse…');
      const sentence = vscode.l10n.t(
        'There is no language model here yet; train an experiment with "task": "languageModel".',
      );
      const answer = await vscode.window.showInformationMessage(sentence, browse);
      return answer === browse ? this.browse() : undefined;
    }
    const items = trained.map((run): ModelItem => {
      const metrics = run.report?.test ?? run.report?.best?.validation;
      return {
        label: `$(symbol-class) ${run.displayName}`,
        description: metrics === undefined ? '' : mainScoreText(metrics),
        detail: vscode.l10n.t('Trained {0}', run.created.toLocaleString(vscode.env.language)),
        model: run.model!,
      };
    });
    const other: ModelItem = { label: `$(folder-opened) ${vscode.l10n.t('Browse…')}` };
    const picked = await vscode.window.showQuickPick([...items, other], {
      title: vscode.l10n.t('Language model'),
      placeHolder: vscode.l10n.t('The model that Continue Text uses'),
      matchOnDescription: true,
    });
    if (picked === undefined) return undefined;
    return picked.model ?? this.browse();
  }

  private async browse(): Promise<string | undefined> {
    const path = (await browseForModel())?.fsPath;
    if (path === undefined) return undefined;
    if ((await this.engine.client.inspect({ model: path })).task === 'languageModel') return path;
    throw new UserError(vscode.l10n.t('This model does not continue texts; choose a language model.'), { file: path });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false, // Gone or out of reach: either way another model is needed.
  );
