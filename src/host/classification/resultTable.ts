/** The classes of many lines as a document to read, sort or keep; knows no editor. */
import { stringify } from 'csv-stringify/sync';

/** One classified line; `line` counts from 1. */
export interface LineResult {
  readonly line: number;
  readonly label: string;
  readonly probability: number;
  readonly text: string;
}

/** Headings in the order line, label, probability, text. */
export type Headings = readonly [string, string, string, string];

/** As CSV (RFC 4180) with a header that programs can rely on, whatever the display language. */
export function resultsAsCsv(results: readonly LineResult[]): string {
  const rows = results.map(({ line, label, probability, text }) => [line, label, probability.toFixed(4), text]);
  return stringify([['line', 'label', 'probability', 'text'], ...rows]);
}

/** As a Markdown table with aligned columns, the text last. */
export function resultsAsMarkdown(results: readonly LineResult[], headings: Headings): string {
  const rows = results.map(({ line, label, probability, text }) => [
    String(line),
    cell(label),
    probability.toFixed(2),
    cell(text),
  ]);
  const table = [headings.map(cell), ...rows];
  const widths = [0, 1, 2].map((column) => table.reduce((most, row) => Math.max(most, row[column]!.length), 3));
  const lines = table.map((row) => {
    const [line, label, probability, text] = row as [string, string, string, string];
    const left = [line.padStart(widths[0]!), label.padEnd(widths[1]!), probability.padStart(widths[2]!)];
    return `| ${left.join(' | ')} | ${text} |`;
  });
  const rule = `| ${'-'.repeat(widths[0]! - 1)}: | ${'-'.repeat(widths[1]!)} | ${'-'.repeat(widths[2]! - 1)}: | --- |`;
  return `${[lines[0], rule, ...lines.slice(1)].join('\n')}\n`;
}

/** A text in a cell: on one line, with the signs escaped that would end it or mean more. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/[\\|`*_[\]<>~]/g, (sign) => `\\${sign}`);
}
