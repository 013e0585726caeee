/** The commands that choose a model and classify text with it, and the editor features that belong to them. */
import * as vscode from 'vscode';
import type { ClassificationCommandId } from '../commandIds';
import type { Models, Runs } from '../contracts';
import { browseForModel, chooseModel } from '../models/chooseModel';
import { modelName } from '../models/modelName';
import type { SelectionAnswers } from '../selectionAnswers';
import { ClassificationHover } from './classificationHover';
import type { Classifications } from './classifications';
import { classifyLines } from './classifyLines';
import { classifySelection } from './classifySelection';
import { CorrectLabelAction, correctLabel } from './correctLabel';

/** What these commands act on. */
export interface ClassificationServices {
  readonly models: Models;
  readonly classifications: Classifications;
  readonly runs: Pick<Runs, 'list'>;
  readonly selections: SelectionAnswers;
}

/** The actions of these commands. */
export function classificationCommands(
  services: ClassificationServices,
): Record<ClassificationCommandId, (...parameters: unknown[]) => Promise<void>> {
  const { models, classifications, runs, selections } = services;
  return {
    'sequenceLab.loadModel': async (uri) => {
      const model = uri instanceof vscode.Uri ? uri : await browseForModel();
      if (model === undefined) return;
      const { task } = await models.activate(model);
      if (task !== 'tagging') return;
      vscode.window.setStatusBarMessage(vscode.l10n.t('Tag Selection uses {0} now.', modelName(model.fsPath)), 8_000);
    },
    'sequenceLab.selectModel': async () => {
      const model = await chooseModel(await runs.list(), models.active);
      if (model !== undefined) await models.activate(model);
    },
    'sequenceLab.classifySelection': () => classifySelection(models, classifications, selections),
    'sequenceLab.classifyEachLine': () => classifyLines(models, classifications),
    'sequenceLab.correctLabel': (uri, start) => correctLabel(classifications, uri, start),
    'sequenceLab.clearClassifications': () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document !== undefined) classifications.set(document, []);
      return Promise.resolve();
    },
  };
}

/** Hover and code action over classified text, in every kind of document. */
export function registerClassificationFeatures({
  models,
  classifications,
}: Pick<ClassificationServices, 'models' | 'classifications'>): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider('*', new ClassificationHover(models, classifications)),
    vscode.languages.registerCodeActionsProvider(
      '*',
      new CorrectLabelAction(classifications),
      CorrectLabelAction.kinds,
    ),
  );
}
