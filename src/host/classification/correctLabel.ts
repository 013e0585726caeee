/** "Label is wrong…": asks for the right label and adds the text with it to the data of the experiment, ready to train. */
import { access } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../errors';
import { isTextClassification } from '../../experiment/experimentKinds';
import type { Report } from '../../protocol';
import type { RunSummary } from '../../runs/readRun';
import { modelName } from '../models/modelName';
import type { Classification, Classifications } from './classifications';

/** Offers the correction on a classified text. */
export class CorrectLabelAction implements vscode.CodeActionProvider {
  static readonly kinds: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  constructor(private readonly classifications: Classifications) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.classifications.at(document, range.start) ?? this.classifications.at(document, range.end);
    if (found === undefined) return [];
    const title = vscode.l10n.t('Label is wrong…');
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = {
      title,
      command: 'sequenceLab.correctLabel',
      arguments: [document.uri.toString(), found.span.start],
    };
    return [action];
  }
}

/** Corrects the label of the classification that starts at an offset of a document, or of the one at the cursor. */
export async function correctLabel(classifications: Classifications, uri?: unknown, start?: unknown): Promise<void> {
  const found = findClassification(classifications, uri, start);
  if (found === undefined) {
    throw new UserError(
      vscode.l10n.t('There is no classified text at the cursor; run Classify Selection first, then correct its label.'),
    );
  }
  const run = await runOf(found.model);
  const label = await chooseLabel(found);
  if (label !== undefined) await addExample(run, found.text, label);
}

function findClassification(
  classifications: Classifications,
  uri: unknown,
  start: unknown,
): Classification | undefined {
  if (typeof uri === 'string' && typeof start === 'number') {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
    return document && classifications.of(document).find(({ span }) => span.start === start);
  }
  const editor = vscode.window.activeTextEditor;
  return editor && classifications.at(editor.document, editor.selection.active);
}

/** The run that a model belongs to, with its report. */
async function runOf(model: string): Promise<RunSummary & { readonly report: Report }> {
  const { readRun } = await import('../../runs/readRun');
  const run = await readRun(path.dirname(model)).catch((error: unknown) => {
    if (error instanceof UserError) return undefined; // Its folder is no run: the model came from elsewhere.
    throw error;
  });
  if (run === undefined || run.report === null) {
    const name = modelName(model);
    throw new UserError(
      vscode.l10n.t('The model {0} does not belong to a run, so there is no data to add the text to.', name),
    );
  }
  return { ...run, report: run.report };
}

async function chooseLabel({ prediction }: Classification): Promise<string | undefined> {
  const items = prediction.classes.map(({ label, probability }) => ({
    label,
    description: label === prediction.label ? vscode.l10n.t('predicted') : probability.toFixed(2),
  }));
  // The predicted label stands last: it is the one that was said to be wrong.
  const [predicted, ...others] = items;
  const picked = await vscode.window.showQuickPick([...others, predicted!], {
    title: vscode.l10n.t('Right label'),
    placeHolder: vscode.l10n.t('The text is added to the training data with this label'),
  });
  return picked?.label;
}

/** Adds the text to the training data of the run's experiment, so that it can be undone there, and says where it went. */
async function addExample(
  { directory, report, experiment }: Awaited<ReturnType<typeof runOf>>,
  text: string,
  label: string,
) {
  if (experiment.task !== 'classification') throw new Error('A label is corrected in the data of a classifier.');
  const { openDataSource } = await import('../../files/dataSource');
  const { appendedExample } = await import('../../data/appendExample');
  const { classOfFile, detectFormat } = await import('../../data/source');
  if (!isTextClassification(experiment) || typeof experiment.data.train !== 'string') {
    throw new UserError(
      vscode.l10n.t('The training data of this model is not one file of labelled texts; change it by hand.'),
    );
  }
  const { train, text: textColumn, label: labelColumn } = experiment.data;
  const folder = await experimentFolder(directory, report.experimentFile);
  const source = await openDataSource(train, folder);
  const file = source.kind === 'file' ? source.files[0] : source.files.find(({ name }) => classOfFile(name) === label);
  if (file === undefined) {
    throw new UserError(vscode.l10n.t('{0} has no file {1}; create it and try again.', train, `${label}.txt`));
  }
  const document = await openDocument(vscode.Uri.file(path.resolve(folder, file.name)));
  const columns = { text: textColumn, label: labelColumn };
  const added = await appendedExample(document.getText(), file.name, detectFormat(source), columns, { text, label });

  const hadChanges = document.isDirty;
  const end = document.lineAt(document.lineCount - 1).range.end;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, end, added);
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new UserError(vscode.l10n.t('{0} could not be changed; check that it may be written.', file.name));
  }
  // Changes of the user's own are theirs to save.
  const isSaved = !hadChanges && (await document.save());
  const sentence = isSaved
    ? vscode.l10n.t('Added to {0} as {1}; the next training learns from it.', file.name, label)
    : vscode.l10n.t('Added to {0} as {1}; save that file before the next training.', file.name, label);
  await offerView(document, sentence, added);
}

/**
 * The folder that the data's paths are relative to: that of the experiment beside the runs, which moves and is copied with
 * them, else the one that the run was started from.
 */
async function experimentFolder(run: string, experimentFile: string): Promise<string> {
  const beside = path.resolve(run, '../../..');
  const isThere = await access(path.join(beside, path.basename(experimentFile))).then(
    () => true,
    () => false, // The runs are kept elsewhere.
  );
  return isThere ? beside : path.dirname(experimentFile);
}

async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    // Above 50 MB the editor keeps a file from extensions; a plain append could not be undone.
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(vscode.l10n.t('{0} could not be opened: {1}', uri.fsPath, reason));
  }
}

/** Says where the example went, with the ways to look at it and to take it back. */
async function offerView(document: vscode.TextDocument, sentence: string, added: string): Promise<void> {
  const show = vscode.l10n.t('Show');
  const undo = vscode.l10n.t('Undo');
  const answer = await vscode.window.showInformationMessage(sentence, show, undo);
  if (answer === undefined) return;
  const text = document.getText();
  const at = document.positionAt(text.length - added.trim().length - lineEnd(text).length);
  if (answer === show) {
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at));
    return;
  }
  if (!text.endsWith(added)) {
    throw new UserError(vscode.l10n.t('{0} has changed since; take the line out by hand.', document.fileName));
  }
  const hadChanges = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.delete(
    document.uri,
    new vscode.Range(document.positionAt(text.length - added.length), document.positionAt(text.length)),
  );
  if ((await vscode.workspace.applyEdit(edit)) && !hadChanges) await document.save();
}

function lineEnd(text: string): string {
  return /(\r\n|\n|\r)?$/.exec(text)![0];
}
