/** A table as aligned lines of text; pure, knows nothing of what the cells mean. */
import { displayWidth, fitText, padText } from './displayText';

/** A column: its heading, on which side its cells stand, and how wide they may be (in terminal columns). */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly maximumWidth?: number;
}

/** The heading and one line for each row, two spaces between columns, no spaces at the end of a line. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map(({ maximumWidth = Infinity }, index) => fitText(row[index] ?? '', maximumWidth)),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => displayWidth(row[index]!))));
  return cells.map((row) =>
    columns
      .map(({ align = 'left' }, index) => padText(row[index]!, widths[index]!, align))
      .join('  ')
      .trimEnd(),
  );
}
