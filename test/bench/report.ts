/** What the benchmark prints: a table for people, or a JSON object a line. */
import type { Measured } from './measured';

export interface BenchRow {
  readonly name: string;
  /** Tokens of one step, pass or training; null where speed is not counted in tokens. */
  readonly tokens: number | null;
  readonly ours: Measured;
  readonly theirs: Measured | null;
  /** Milliseconds that the matrix products alone would take at the machine's peak; null where that is not the measure. */
  readonly limit: number | null;
}

export class BenchReport {
  /** Title of a section that has no row yet. */
  private title: string | null = null;

  constructor(private readonly json: boolean) {}

  /** The machine, the versions and how it was measured. */
  heading(facts: Readonly<Record<string, string | number>>): void {
    if (this.json) console.log(JSON.stringify({ type: 'heading', ...facts }));
    else {
      const { processor, threads, node, rounds, torch } = facts;
      const peer = torch === undefined ? '' : `, PyTorch ${torch}`;
      console.log(`${processor}, ${threads} threads, Node ${node}${peer}; medians of ${rounds} rounds in turn`);
    }
  }

  note(text: string): void {
    if (!this.json) console.log(text);
  }

  /** Begins a section; its title is printed with its first row. */
  section(title: string): void {
    this.title = title;
  }

  peak(threads: number, gigaflops: number): void {
    if (this.json) console.log(JSON.stringify({ type: 'peak', threads, gigaflops }));
    else {
      this.tellTitle();
      console.log(`matrix product on ${threads} threads: ${gigaflops.toFixed(1)} GFLOPS`);
    }
  }

  private tellTitle(): void {
    if (this.title !== null) console.log(`\n${this.title}`);
    this.title = null;
  }

  row(row: BenchRow): void {
    const { name, tokens, ours, theirs, limit } = row;
    const ratio = theirs === null ? null : theirs.milliseconds / ours.milliseconds;
    const memory = ratioOf(ours.peakBytes, theirs?.peakBytes ?? null);
    if (this.json) {
      console.log(JSON.stringify({ type: 'row', ...row, ratio, memory }));
      return;
    }
    this.tellTitle();
    const cells = [name.padEnd(42), milliseconds(ours)];
    cells.push((tokens === null ? '' : `${speed(tokens, ours)} tokens/s`).padStart(18));
    cells.push((ours.peakBytes === null ? '' : megabytes(ours.peakBytes)).padStart(9));
    if (limit !== null) cells.push(` limit ${limit.toFixed(1)} ms`.padStart(17));
    if (theirs !== null) {
      cells.push(` PyTorch ${milliseconds(theirs)}`);
      cells.push((memory === null ? '' : megabytes(theirs.peakBytes!)).padStart(9));
      cells.push(` speed × ${ratio!.toFixed(2)}`);
      if (memory !== null) cells.push(` memory × ${memory.toFixed(2)}`);
    }
    console.log(cells.join(''));
  }
}

function ratioOf(ours: number | null, theirs: number | null): number | null {
  return ours === null || theirs === null ? null : ours / theirs;
}

function milliseconds(measured: Measured): string {
  return `${measured.milliseconds.toFixed(2)} ms`.padStart(13);
}

function speed(tokens: number, measured: Measured): string {
  return Math.round((tokens / measured.milliseconds) * 1000).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
