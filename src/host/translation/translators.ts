/** Which model translates: the active one, else one of the runs' or a file of the user's. Knows no editor text. */
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { Engine, Models, Runs } from '../contracts';
import { browseForModel } from '../models/chooseModel';
import { mainScoreText } from '../scoreText';

const stateKey = 'sequenceLab.translator';

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: string;
}

/** Finds a translator and remembers the choice for the workspace. */
export class Translators {
  constructor(
    private readonly engine: Engine,
    private readonly models: Pick<Models, 'active'>,
    private readonly runs: Pick<Runs, 'list'>,
    private readonly state: vscode.Memento,
  ) {}

  /**
   * Path of the active model where it is a translator, else of the one chosen last, else of the only one there is, else
   * of the one that the user chooses; undefined where they chose none.
   * @throws UserError where the active file cannot be read
   */
  async usable(): Promise<string | undefined> {
    const { active } = this.models;
    if (active !== undefined && (await this.isTranslator(active.fsPath))) return active.fsPath;
    const last = this.state.get<string>(stateKey);
    if (last !== undefined && (await exists(last))) return last;
    const chosen = await this.choose();
    if (chosen !== undefined) await this.state.update(stateKey, chosen);
    return chosen;
  }

  private async isTranslator(path: string): Promise<boolean> {
    if (!(await exists(path))) return false;
    return (await this.engine.client.inspect({ model: path })).task === 'translation';
  }

  private async choose(): Promise<string | undefined> {
    const trained = (await this.runs.list()).filter(
      ({ model, experiment }) => model !== null && experiment.task === 'translation',
    );
    if (trained.length === 1) return trained[0]!.model!;
    if (trained.length === 0) {
      const browse = vscode.l10n.t('Browse…');
      const sentence = vscode.l10n.t(
        'There is no translator here yet; train an experiment with "task": "translation".',
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
      title: vscode.l10n.t('Translator'),
      placeHolder: vscode.l10n.t('The model that Translate Selection uses'),
      matchOnDescription: true,
    });
    if (picked === undefined) return undefined;
    return picked.model ?? this.browse();
  }

  private async browse(): Promise<string | undefined> {
    const path = (await browseForModel())?.fsPath;
    if (path === undefined || (await this.isTranslator(path))) return path;
    throw new UserError(vscode.l10n.t('This model does not translate; choose a translator.'), { file: path });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false, // Gone or out of reach: either way another model is needed.
  );
