/** Which model goes on with a text: the active one, else one of the runs' or a file of the user's. Knows no editor text. */
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { Engine, Models, Runs } from '../contracts';
import { browseForModel } from '../models/chooseModel';
import { mainScoreText } from '../scoreText';

const stateKey = 'sequenceLab.languageModel';

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: string;
}

/** Finds a language model and remembers the choice for the workspace. */
export class LanguageModels {
  constructor(
    private readonly engine: Engine,
    private readonly models: Pick<Models, 'active'>,
    private readonly runs: Pick<Runs, 'list'>,
    private readonly state: vscode.Memento,
  ) {}

  /**
   * Path of the active model where it is a language model, else of the one chosen last, else of the only one there is,
   * else of the one that the user chooses; undefined where they chose none.
   * @throws UserError where the active file cannot be read
   */
  async usable(): Promise<string | undefined> {
    const { active } = this.models;
    if (active !== undefined && (await this.isLanguageModel(active.fsPath))) return active.fsPath;
    const last = this.state.get<string>(stateKey);
    if (last !== undefined && (await exists(last))) return last;
    const chosen = await this.choose();
    if (chosen !== undefined) await this.state.update(stateKey, chosen);
    return chosen;
  }

  private async isLanguageModel(path: string): Promise<boolean> {
    if (!(await exists(path))) return false;
    return (await this.engine.client.inspect({ model: path })).task === 'languageModel';
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
    if (path === undefined || (await this.isLanguageModel(path))) return path;
    throw new UserError(vscode.l10n.t('This model does not continue texts; choose a language model.'), { file: path });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false, // Gone or out of reach: either way another model is needed.
  );
