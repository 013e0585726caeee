/** The anomalies of open tables: marks in the gutter and entries in Problems, until the text changes. Knows no model. */
import * as vscode from 'vscode';

/** Lines that belong to one anomaly. */
export interface Anomaly {
  /** Lines from 0, in order. */
  readonly lines: readonly number[];
  /** What Problems says of it. */
  readonly message: string;
}

/** A triangle in the colour of warnings, which is told from the editor's own marks in the gutter. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 2 15 14H1Z" fill="#d18616"/><path d="M7.2 6h1.6v4H7.2zM7.2 11h1.6v1.6H7.2z" fill="#fff"/></svg>';

export class Anomalies implements vscode.Disposable {
  private readonly byDocument = new Map<string, readonly Anomaly[]>();
  private readonly problems = vscode.languages.createDiagnosticCollection('sequenceLab.anomalies');
  private readonly mark = vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`),
    gutterIconSize: 'contain',
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('sequenceLab.influenceAgainst'),
    overviewRulerColor: new vscode.ThemeColor('editorWarning.foreground'),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
  });
  private readonly disposables = vscode.Disposable.from(
    this.problems,
    this.mark,
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of editors) this.draw(editor);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.set(document, []);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      this.set(document, []);
    }),
  );

  /** Shows the anomalies of a document in place of those before; none takes all marks away. */
  set(document: vscode.TextDocument, anomalies: readonly Anomaly[]): void {
    const key = document.uri.toString();
    if (anomalies.length === 0 && !this.byDocument.delete(key)) return;
    if (anomalies.length > 0) this.byDocument.set(key, anomalies);
    this.problems.set(
      document.uri,
      anomalies.map(({ lines, message }) => {
        const range = new vscode.Range(
          document.lineAt(lines[0]!).range.start,
          document.lineAt(lines.at(-1)!).range.end,
        );
        const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
        problem.source = 'Sequence Lab';
        return problem;
      }),
    );
    for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.draw(editor);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private draw(editor: vscode.TextEditor): void {
    const anomalies = this.byDocument.get(editor.document.uri.toString()) ?? [];
    const options = anomalies.flatMap(({ lines, message }) =>
      lines.map((line) => ({ range: editor.document.lineAt(line).range, hoverMessage: message })),
    );
    editor.setDecorations(this.mark, options);
  }
}
