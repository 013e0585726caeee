/** Renumbers the rows that a batch reads of large tables, so that a step is handed only those; knows no weights. */
import type { SparseTable } from '../models/trainingGraph';
import type { Shard } from './shard';

/** The rows of a table that a batch touches. */
export interface TouchedRows {
  /** Each row once: those of the first shard in their order, then what the others add. */
  readonly all: Int32Array;
  /** By shard its rows, each once, in the order of its numbers. */
  readonly shards: readonly Int32Array[];
  /** By shard the places of its rows among all. */
  readonly places: readonly Int32Array[];
}

/** By table the rows that a batch touches. */
export type TouchedTables = ReadonlyMap<string, TouchedRows>;

export class RowNumbers {
  private readonly tables: readonly Table[];

  /** @param tables with the number of their `rows` in full */
  constructor(tables: readonly (SparseTable & { readonly rows: number })[]) {
    this.tables = tables.map((table) => new Table(table));
  }

  /** Replaces row numbers in a shard's inputs by places among the rows that this shard touches, which are returned. */
  renumber(shards: readonly Shard[]): TouchedTables {
    return new Map(this.tables.map((table) => [table.parameter, table.renumber(shards)]));
  }
}

/** A list of rows that holds each once, and the places in it. */
class RowList {
  /** Place by row, valid where the stamp is that of the list. */
  private readonly places: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  /** The first `count` are the list. */
  private readonly rows: Int32Array;
  private count = 0;

  constructor(rows: number) {
    this.places = new Int32Array(rows);
    this.stamps = new Int32Array(rows);
    this.rows = new Int32Array(rows);
  }

  /** Begins a new list. */
  clear(): void {
    this.stamp++;
    this.count = 0;
  }

  /** Replaces rows by their places; those that are not there yet are added. */
  place(numbers: Int32Array): void {
    const { places, stamps, stamp, rows } = this;
    let { count } = this;
    for (let at = 0; at < numbers.length; at++) {
      const row = numbers[at]!;
      if (stamps[row] !== stamp) {
        stamps[row] = stamp;
        places[row] = count;
        rows[count++] = row;
      }
      numbers[at] = places[row]!;
    }
    this.count = count;
  }

  list(): Int32Array {
    return this.rows.slice(0, this.count);
  }
}

class Table {
  readonly parameter: string;
  private readonly inputs: readonly string[];
  private readonly all: RowList;
  private readonly own: RowList;

  constructor({ parameter, rowInputs, rows }: SparseTable & { readonly rows: number }) {
    this.parameter = parameter;
    this.inputs = rowInputs;
    this.all = new RowList(rows);
    this.own = new RowList(rows);
  }

  renumber(shards: readonly Shard[]): TouchedRows {
    this.all.clear();
    const lists = shards.map(({ feeds }) => {
      this.own.clear();
      for (const input of this.inputs) this.own.place(feeds[input]!.data as Int32Array);
      return this.own.list();
    });
    const places = lists.map((rows) => rows.slice());
    for (const rows of places) this.all.place(rows);
    return { all: this.all.list(), shards: lists, places };
  }
}
