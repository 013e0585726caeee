/** The models in use, one a task: which they are, remembered for each workspace, and their predictions. Knows no editor text. */
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import type { ClassPrediction, ModelDescription, TagPrediction, Task, Translation } from '../../protocol';
import type { Engine, Models, Runs } from '../contracts';
import { chooseModel } from './chooseModel';
import { modelName } from './modelName';

/** Where the workspace's state remembers the model of a task. */
function stateKey(task: Task): string {
  return task === 'classification' ? 'sequenceLab.activeModel' : `sequenceLab.activeModel.${task}`;
}

/** Keeps the active models in the workspace's state; the engine keeps them in memory. */
export class ModelStore implements Models, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeActive = this.changed.event;

  constructor(
    private readonly engine: Engine,
    private readonly state: vscode.Memento,
    private readonly runs: Pick<Runs, 'list'>,
  ) {}

  get active(): vscode.Uri | undefined {
    return this.activeOf('classification');
  }

  activeOf(task: Task): vscode.Uri | undefined {
    const path = this.state.get<string>(stateKey(task));
    return path === undefined ? undefined : vscode.Uri.file(path);
  }

  /** @throws UserError where the engine cannot use the file */
  async activate(model: vscode.Uri): Promise<ModelDescription> {
    if (model.scheme !== 'file') {
      throw new UserError(
        vscode.l10n.t('{0} is not a file on this machine; copy the model to disk first.', model.path),
      );
    }
    const description = await this.engine.client.inspect({ model: model.fsPath }).catch((error: unknown) => {
      throw error instanceof UserError ? new UserError(error.wording, placeInWorkspace(model, error)) : error;
    });
    await this.state.update(stateKey(description.task), model.fsPath);
    this.changed.fire();
    this.load(model, description);
    return description;
  }

  async classify(
    texts: readonly string[],
    { explain = false, signal }: { readonly explain?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<readonly ClassPrediction[] | undefined> {
    const model = await this.usable('classification');
    if (model === undefined) return undefined;
    return this.engine.client.predict({ model: model.fsPath, texts, explain }, signal);
  }

  async tag(texts: readonly string[], signal?: AbortSignal): Promise<readonly TagPrediction[] | undefined> {
    const model = await this.usable('tagging');
    return model === undefined ? undefined : this.engine.client.tag({ model: model.fsPath, texts }, signal);
  }

  async translate(texts: readonly string[], signal?: AbortSignal): Promise<readonly Translation[] | undefined> {
    const model = await this.usable('translation');
    return model === undefined ? undefined : this.engine.client.translate({ model: model.fsPath, texts }, signal);
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Loads the model into the engine, so that the first selection does not wait for it. What is wrong shows up there. */
  private load({ fsPath }: vscode.Uri, { task }: ModelDescription): void {
    if (task === 'tagging') this.engine.client.tag({ model: fsPath, texts: [] }).catch(() => undefined);
    if (task === 'translation') this.engine.client.translate({ model: fsPath, texts: [] }).catch(() => undefined);
    if (task !== 'classification') return;
    this.engine.client.predict({ model: fsPath, texts: [] }).catch(() => undefined);
  }

  /** The task's active model, else the only run's that there is, else the one that the user chooses. */
  private async usable(task: Task): Promise<vscode.Uri | undefined> {
    const active = this.activeOf(task);
    if (active !== undefined) {
      if (await exists(active)) return active;
      await this.state.update(stateKey(task), undefined);
      this.changed.fire();
    }
    const trained = (await this.runs.list()).filter(
      ({ model, experiment }) => model !== null && experiment.task === task,
    );
    const chosen =
      trained.length === 1 ? vscode.Uri.file(trained[0]!.model!) : await chooseModel(trained, active, task);
    if (chosen !== undefined) await this.activate(chosen);
    // A file of another task was made the active one of that; the request says what was expected.
    return chosen;
  }
}

/** What a person calls the active model; undefined where there is none. */
export function activeModelName({ active }: Models): string | undefined {
  return active === undefined ? undefined : modelName(active.fsPath);
}

/** The place of a mistake in a model file, by the path that the user knows it by. */
function placeInWorkspace(model: vscode.Uri, { place }: UserError): UserError['place'] {
  return place.file === undefined ? place : { ...place, file: vscode.workspace.asRelativePath(model) };
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  access(uri.fsPath).then(
    () => true,
    () => false, // Gone or out of reach: either way another model is needed.
  );
