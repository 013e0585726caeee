/** What a heat map of attention says: its pieces with the words that they belong to, and its weights; draws nothing. */
import type { PanelAttention } from '../../src/tryItMessages';

/** Pieces of a side that are shown. */
export const mostPieces = 64;
/** Characters of a label that stand upright above a column. */
const longestUpright = 2;
/** Characters of a sentence's name. */
const longestName = 48;

/** A cell of the map, by the indices of its pieces. */
export interface HeatCell {
  readonly row: number;
  readonly column: number;
}

/** A piece of a text beside its row or above its column. */
export interface PieceLabel {
  readonly text: string;
  /** Whether a word begins here. */
  readonly isStart: boolean;
  /** Whether letters go on here that the piece before began. */
  readonly isContinued: boolean;
}

/** A heat map, ready to be drawn. */
export interface HeatMap {
  readonly rows: readonly PieceLabel[];
  readonly columns: readonly PieceLabel[];
  /** A row for each piece of the translation, a weight 0…1 for each piece of the text. */
  readonly weights: readonly (readonly number[])[];
  /** Whether a label is too long to stand upright above its column. */
  readonly isRotated: boolean;
  /** Whether pieces are left out. */
  readonly isCut: boolean;
}

/** The map of a sentence, of the first pieces where there are many; undefined where nothing was translated. */
export function heatMapOf(attention: PanelAttention): HeatMap | undefined {
  const { source, target, sourceStarts, targetStarts, weights } = attention;
  if (source.length === 0 || target.length === 0) return undefined;
  const rows = labelPieces(target, targetStarts).slice(0, mostPieces);
  const columns = labelPieces(source, sourceStarts).slice(0, mostPieces);
  return {
    rows,
    columns,
    weights: weights.slice(0, rows.length).map((row) => row.slice(0, columns.length)),
    isRotated: columns.some(({ text, isContinued }) => Array.from(text).length + Number(isContinued) > longestUpright),
    isCut: source.length > mostPieces || target.length > mostPieces,
  };
}

/** Pieces with the words that they begin or continue; a piece without a sign is one of white space. */
export function labelPieces(pieces: readonly string[], starts: readonly boolean[]): PieceLabel[] {
  return pieces.map((text, at) => {
    const isStart = at === 0 || (starts[at] ?? true);
    const isContinued = !isStart && /[\p{L}\p{N}]$/u.test(pieces[at - 1]!) && /^[\p{L}\p{N}]/u.test(text);
    return { text: text === '' ? '␣' : text, isStart, isContinued };
  });
}

/** A sentence by its own words, shortened where it is long. */
export function sentenceName({ source, sourceStarts }: PanelAttention): string {
  const name = source.map((piece, at) => (at > 0 && sourceStarts[at] === true ? ` ${piece}` : piece)).join('');
  const signs = Array.from(name);
  return signs.length > longestName ? `${signs.slice(0, longestName - 1).join('')}…` : name;
}

/** The cell that a key leads to from another, within the map; undefined for keys that lead nowhere. */
export function cellAfter(
  { row, column }: HeatCell,
  key: string,
  { rows, columns }: Pick<HeatMap, 'rows' | 'columns'>,
): HeatCell | undefined {
  const [lastRow, lastColumn] = [rows.length - 1, columns.length - 1];
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column };
    case 'ArrowDown':
      return { row: Math.min(lastRow, row + 1), column };
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(lastColumn, column + 1) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: lastColumn };
    default:
      return undefined;
  }
}
