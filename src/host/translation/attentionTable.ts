/** Where a translator looked, as a table whose cells are shaded by weight: Markdown with HTML for the shades; pure. */
import type { Translation } from '../../protocol';
import { escapeText } from '../classification/hoverText';

/** Pieces of the text and of the translation that fit a hover. */
const most = { columns: 18, rows: 24 };
/** Blue that stands out on dark and on light ground; the weight is its opacity. */
const shade = '#3794ff';
/** Opacity of a weight of 1: the number on it stays readable. */
const fullest = 0.75;

/** A row for each piece of the translation, a column for each piece of the text; null where there is nothing to show. */
export function attentionTable({ source, target, attention }: Translation): string | null {
  if (source.length === 0 || target.length === 0) return null;
  const columns = source.slice(0, most.columns);
  const header = ['', ...columns.map(cell)];
  const rows = target.slice(0, most.rows).map((piece, at) => {
    const cells = columns.map((_, column) => shaded(attention[at]![column]!));
    return [`**${cell(piece)}**`, ...cells];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => ':-:')), ...rows.map(line)].join('\n');
}

function cell(piece: string): string {
  return piece === '' ? '\u00a0' : escapeText(piece);
}

/** A cell with the weight as its opacity; what is next to nothing stays empty. */
function shaded(weight: number): string {
  const percent = Math.round(weight * 100);
  if (percent < 2) return '\u00a0';
  const opacity = Math.round(weight * fullest * 255)
    .toString(16)
    .padStart(2, '0');
  return `<span style="background-color:${shade}${opacity};">\u00a0${String(percent).padStart(2, '\u00a0')}\u00a0</span>`;
}
