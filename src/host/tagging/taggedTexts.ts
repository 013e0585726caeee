/** The tagged stretches of the open documents: their spans in colour, a legend in the status bar. Predicts nothing. */
import * as vscode from 'vscode';
import type { TaggedSpan } from '../../protocol';
import { type MarkedText, MarkedTexts, rangeOf } from '../markedTexts/markedTexts';
import { type LegendEntry, legendLine, legendOf, type TagStyle, tagStyles, TagStyles } from './tagLegend';
import { legendMarkdown } from './tagWords';

/** A tagged stretch of a document. */
export interface TaggedText extends MarkedText {
  /** Its spans, with offsets into its text. */
  readonly spans: readonly TaggedSpan[];
}

/** A span with its place in the document. */
export interface PlacedSpan extends TaggedSpan {
  readonly model: string;
}

/** Keeps and shows the tagged texts of every open document. */
export class TaggedTexts extends MarkedTexts<TaggedText> {
  private readonly styles = new TagStyles();
  private readonly decorations = tagStyles.map(decoration);
  private readonly status = vscode.window.createStatusBarItem('sequenceLab.tags', vscode.StatusBarAlignment.Right, 89);

  constructor() {
    super();
    this.status.name = vscode.l10n.t('Sequence Lab: tags');
    this.status.command = 'sequenceLab.showTags';
    this.disposables.push(
      ...this.decorations,
      this.status,
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.tell();
      }),
    );
  }

  /** All spans of a document, with their places in it. */
  spansOf(document: vscode.TextDocument): readonly PlacedSpan[] {
    return this.of(document).flatMap(({ span, spans, model }) =>
      spans.map((one) => ({ ...one, start: span.start + one.start, end: span.start + one.end, model })),
    );
  }

  /** The span that a place of a document belongs to, its end included. */
  spanAt(document: vscode.TextDocument, position: vscode.Position): PlacedSpan | undefined {
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

  override set(document: vscode.TextDocument, texts: readonly TaggedText[]): void {
    super.set(document, texts);
    this.tell();
  }

  protected override draw(editor: vscode.TextEditor): void {
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
