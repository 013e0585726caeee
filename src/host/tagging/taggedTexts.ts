/** The tagged stretches of the open documents: their spans in colour, a legend in the status bar. Predicts nothing. */
import * as vscode from 'vscode';
import type { TaggedSpan } from '../../protocol';
import { rangeOf } from '../classification/classifications';
import { apartFrom, followChanges, type Span } from '../classification/spans';
import { type LegendEntry, legendLine, legendOf, type TagStyle, tagStyles, TagStyles } from './tagLegend';
import { legendMarkdown } from './tagWords';

/** A tagged stretch of a document. */
export interface TaggedText {
  readonly span: Span;
  /** The text that was tagged; the span holds exactly it. */
  readonly text: string;
  /** Path of the model. */
  readonly model: string;
  /** Its spans, with offsets into its text. */
  readonly spans: readonly TaggedSpan[];
}

/** A span with its place in the document. */
export interface PlacedSpan extends TaggedSpan {
  readonly model: string;
}

/** Keeps and shows the tagged texts of every open document. */
export class TaggedTexts implements vscode.Disposable {
  private readonly documents = new Map<string, readonly TaggedText[]>();
  private readonly styles = new TagStyles();
  private readonly decorations = tagStyles.map(decoration);
  private readonly status = vscode.window.createStatusBarItem('sequenceLab.tags', vscode.StatusBarAlignment.Right, 89);
  private readonly disposables: vscode.Disposable;

  constructor() {
    this.status.name = vscode.l10n.t('Sequence Lab: tags');
    this.status.command = 'sequenceLab.showTags';
    this.disposables = vscode.Disposable.from(
      ...this.decorations,
      this.status,
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.follow(event);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) if (this.of(editor.document).length > 0) this.draw(editor);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.tell();
      }),
    );
  }

  /** The tagged texts of a document. */
  of(document: vscode.TextDocument): readonly TaggedText[] {
    return this.documents.get(document.uri.toString()) ?? [];
  }

  /** All spans of a document, with their places in it. */
  spansOf(document: vscode.TextDocument): readonly PlacedSpan[] {
    return this.of(document).flatMap(({ span, spans, model }) =>
      spans.map((one) => ({ ...one, start: span.start + one.start, end: span.start + one.end, model })),
    );
  }

  /** The span that a place of a document belongs to, its end included. */
  at(document: vscode.TextDocument, position: vscode.Position): PlacedSpan | undefined {
    const offset = document.offsetAt(position);
    const reaching = this.spansOf(document).filter(({ start, end }) => start <= offset && offset <= end);
    // Between two neighbours the place belongs to the one that begins there.
    return reaching.at(-1);
  }

  /** How a type of span looks. */
  styleOf(type: string): TagStyle {
    return tagStyles[this.styles.placeOf(type)]!;
  }

  /** The types of a document's spans. */
  legendOf(document: vscode.TextDocument): readonly LegendEntry[] {
    return this.legendFor(this.spansOf(document));
  }

  /** The types among spans of any text; a new one gets its style here. */
  legendFor(spans: readonly Pick<TaggedSpan, 'type'>[]): readonly LegendEntry[] {
    return legendOf(spans, this.styles);
  }

  /** Adds tagged texts in place of those that share text with them; those whose text is no longer there are left out. */
  add(document: vscode.TextDocument, added: readonly TaggedText[]): void {
    const current = added.filter(({ span, text }) => document.getText(rangeOf(document, span)) === text);
    const kept = apartFrom(
      this.of(document),
      current.map(({ span }) => span),
    );
    this.set(document, [...kept, ...current]);
  }

  /** Puts these in place of all tagged texts of a document. */
  set(document: vscode.TextDocument, texts: readonly TaggedText[]): void {
    if (texts.length > 0) this.documents.set(document.uri.toString(), texts);
    else this.documents.delete(document.uri.toString());
    for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.draw(editor);
    this.tell();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** A change inside of a tagged text takes its colours away: each tag depends on all of the text around it. */
  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const before = this.of(document);
    if (before.length === 0 || contentChanges.length === 0) return;
    const after = before.flatMap((one) => {
      const span = followChanges(one.span, contentChanges);
      return span === undefined ? [] : [{ ...one, span }];
    });
    // The editor moves what it shows by itself; only what goes must be taken away.
    if (after.length < before.length) this.set(document, after);
    else this.documents.set(document.uri.toString(), after);
  }

  private draw(editor: vscode.TextEditor): void {
    const ranges = this.decorations.map((): vscode.Range[] => []);
    for (const span of this.spansOf(editor.document)) {
      ranges[this.styles.placeOf(span.type)]!.push(rangeOf(editor.document, span));
    }
    this.decorations.forEach((type, place) => {
      editor.setDecorations(type, ranges[place]!);
    });
  }

  /** The legend of the active editor in the status bar, for as long as there are spans. */
  private tell(): void {
    const editor = vscode.window.activeTextEditor;
    const legend = editor === undefined ? [] : this.legendOf(editor.document);
    if (legend.length === 0) {
      this.status.hide();
      return;
    }
    this.status.text = `$(symbol-color) ${legendLine(legend)}`;
    const tooltip = new vscode.MarkdownString(legendMarkdown(legend));
    tooltip.supportHtml = true;
    this.status.tooltip = tooltip;
    this.status.accessibilityInformation = {
      label: vscode.l10n.t('Tags: {0}', legendLine(legend)),
      role: 'button',
    };
    this.status.show();
  }
}

/** A span's background; the second eight styles have a dotted line too. */
function decoration({ color, isDotted }: TagStyle): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    backgroundColor: new vscode.ThemeColor(`sequenceLab.tag${color}`),
    borderRadius: '2px',
    overviewRulerColor: new vscode.ThemeColor(`sequenceLab.tag${color}`),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    ...(isDotted ? { textDecoration: 'underline dotted' } : {}),
  });
}
