/** The actions above an experiment file: train it, go on with it, look at its last run, compare its runs. */
import * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';
import { commandIds } from '../commandIds';
import type { Runs } from '../contracts';
import { runsOf } from './experimentDocuments';

/** Offers only what can be done: no lens of a command that is not there, none to resume what is finished. */
export class ExperimentLenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(private readonly runs: Pick<Runs, 'list' | 'onDidChange'>) {
    this.onDidChangeCodeLenses = runs.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const brace = document.getText().indexOf('{');
    if (brace < 0) return [];
    const position = document.positionAt(brace);
    const range = new vscode.Range(position, position);
    const runs = runsOf(await this.runs.list(), document);
    const [last, previous] = runs;
    const canResume = last !== undefined && last.status !== 'finished' && last.status !== 'running';
    const actions: (vscode.Command | false | undefined)[] = [
      command('sequenceLab.trainRnn', `$(play) ${vscode.l10n.t('Train')}`, document.uri),
      canResume && command('sequenceLab.resumeTraining', `$(debug-continue) ${vscode.l10n.t('Resume')}`, document.uri),
      last && command('sequenceLab.viewTrainingPanel', `$(graph-line) ${vscode.l10n.t('Open Last Run')}`, node(last)),
      last &&
        previous &&
        command('sequenceLab.compareRuns', `$(diff) ${vscode.l10n.t('Compare')}`, node(last), [
          node(previous),
          node(last),
        ]),
    ];
    return actions
      .filter((action) => action !== false && action !== undefined)
      .filter((action) => (commandIds as readonly string[]).includes(action.command))
      .map((action) => new vscode.CodeLens(range, action));
  }
}

function command(id: string, title: string, ...parameters: unknown[]): vscode.Command {
  return { command: id, title, arguments: parameters };
}

/** A run as the tree of runs hands it to a command. */
function node(run: RunSummary) {
  return { kind: 'run', run };
}
