/** Marks what is wrong in open experiment files: against the schema at once, against the data once the rest is right. */
import * as vscode from 'vscode';
import type { Problem } from '../../experiment/experimentSource';
import { inWords } from '../userSentence';
import { isExperimentFile } from './experimentDocuments';

/** Milliseconds without a change before a file is looked at. */
const quietMilliseconds = 250;

/** Keeps the diagnostics of every open experiment file up to date. */
export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('sequenceLab');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly dataFiles = vscode.workspace.createFileSystemWatcher(
    '**/*.{csv,tsv,jsonl,ndjson,txt,md,conll,conllu,ts,vec,json}',
  );
  private readonly disposables: vscode.Disposable;

  constructor(private readonly log: vscode.LogOutputChannel) {
    const all = () => {
      for (const document of vscode.workspace.textDocuments) this.later(document);
    };
    this.disposables = vscode.Disposable.from(
      this.collection,
      this.dataFiles,
      this.dataFiles.onDidCreate(all),
      this.dataFiles.onDidChange(all),
      this.dataFiles.onDidDelete(all),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.later(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.later(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        clearTimeout(this.timers.get(document.uri.toString()));
        this.collection.delete(document.uri);
      }),
    );
    all();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.disposables.dispose();
  }

  private later(document: vscode.TextDocument): void {
    if (!isExperimentFile(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      this.diagnose(document).catch((error: unknown) => {
        this.log.error(`${document.uri.fsPath} could not be checked.`, error instanceof Error ? error : String(error));
      });
    }, quietMilliseconds);
    this.timers.set(key, timer);
  }

  private async diagnose(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const { problemsOf } = await import('./experimentProblems');
    const folder = document.uri.scheme === 'file' ? vscode.Uri.joinPath(document.uri, '..').fsPath : undefined;
    const problems = await problemsOf(document.getText(), folder);
    if (document.isClosed || document.version !== version) return;
    this.collection.set(
      document.uri,
      problems.map((problem) => diagnosticOf(document, problem)),
    );
  }
}

function diagnosticOf(document: vscode.TextDocument, { offset, length, key, wording }: Problem): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  const diagnostic = new vscode.Diagnostic(range, inWords(wording), vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'Sequence Lab';
  if (key !== '') diagnostic.code = key;
  return diagnostic;
}
