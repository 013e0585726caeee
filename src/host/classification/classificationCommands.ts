/** The commands that choose a model and classify text with it, and the editor features that belong to them. */
import * as vscode from 'vscode';
import type { Models, Runs } from '../contracts';
import { browseForModel, chooseModel } from '../models/chooseModel';
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
}

/** The action of every command of classification. */
export function classificationCommands({ models, classifications, runs }: ClassificationServices) {
  return {
    'sequenceLab.loadModel': async (uri?: unknown) => {
      const model = uri instanceof vscode.Uri ? uri : await browseForModel();
      if (model !== undefined) await models.activate(model);
    },
    'sequenceLab.selectModel': async () => {
      const model = await chooseModel(await runs.list(), models.active);
      if (model !== undefined) await models.activate(model);
    },
    'sequenceLab.classifySelection': () => classifySelection(models, classifications),
    'sequenceLab.classifyEachLine': () => classifyLines(models, classifications),
    'sequenceLab.correctLabel': (uri?: unknown, start?: unknown) => correctLabel(classifications, uri, start),
    'sequenceLab.clearClassifications': () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document !== undefined) classifications.set(document, []);
    },
  };
}

/** Hover and code action over classified text, in every kind of document. */
export function registerClassificationFeatures({ models, classifications }: ClassificationServices): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider('*', new ClassificationHover(models, classifications)),
    vscode.languages.registerCodeActionsProvider(
      '*',
      new CorrectLabelAction(classifications),
      CorrectLabelAction.kinds,
    ),
  );
}
