/** Text that grows in an editor piece by piece as one step to undo, until it is stopped or somebody else changes the text. */
import * as vscode from 'vscode';

/** Inserts pieces one behind the other. */
export class GrowingText implements vscode.Disposable {
  private pending = '';
  private writing: Promise<void> | null = null;
  private isFirst = true;
  /** What is being inserted now; null between two pieces. */
  private inserting: string | null = null;
  private isClosed = false;
  private readonly disposables: vscode.Disposable[];

  /**
   * @param offset where the text begins
   * @param onInterrupted called once when the text cannot go on: somebody else changed or closed the document
   */
  constructor(
    private readonly editor: vscode.TextEditor,
    private offset: number,
    private readonly onInterrupted: () => void,
  ) {
    const { document } = editor;
    this.disposables = [
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) this.observe(event.contentChanges);
      }),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        if (closed === document) this.interrupt();
      }),
    ];
  }

  /** Adds a piece behind what is there. */
  add(text: string): void {
    if (this.isClosed) return;
    this.pending += text;
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  /** Waits until every piece is in the text; what is undone next is all of them. */
  async finish(): Promise<void> {
    await this.writing;
    this.dispose();
  }

  dispose(): void {
    this.isClosed = true;
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async write(): Promise<void> {
    while (this.pending !== '' && !this.isClosed) {
      const text = this.pending;
      this.pending = '';
      this.inserting = text;
      const position = this.editor.document.positionAt(this.offset);
      const isDone = await this.editor.edit(
        (edit) => {
          edit.insert(position, text);
        },
        { undoStopBefore: this.isFirst, undoStopAfter: false },
      );
      this.inserting = null;
      this.isFirst = false;
      if (!isDone) {
        this.interrupt();
        return;
      }
      const end = this.editor.document.positionAt(this.offset);
      this.editor.revealRange(new vscode.Range(end, end));
    }
  }

  /** Our own change moves the place to go on from; any other one ends the text. */
  private observe(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const [change] = changes;
    const isOwn =
      this.inserting !== null &&
      changes.length === 1 &&
      change!.rangeOffset === this.offset &&
      change!.rangeLength === 0 &&
      withLineFeeds(change!.text) === withLineFeeds(this.inserting);
    if (isOwn) this.offset += change!.text.length;
    else this.interrupt();
  }

  private interrupt(): void {
    if (this.isClosed) return;
    this.dispose();
    this.onInterrupted();
  }
}

/** An editor brings inserted line breaks to those of its document. */
function withLineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/gu, '\n');
}
