/** Renumbers the rows that a batch reads of large tables, so that a step is handed only those; knows no weights. */
import type { SparseTable } from '../models/trainingGraph';
import type { Shard } from './shard';
import type { TouchedRows } from './weights';

export class RowNumbers {
  private readonly tables: readonly Table[];

  /** @param tables with the number of their `rows` in full */
  constructor(tables: readonly (SparseTable & { readonly rows: number })[]) {
    this.tables = tables.map((table) => new Table(table));
  }

  /** Replaces row numbers in the shards' inputs by places among the rows touched, which are returned by table. */
  renumber(shards: readonly Shard[]): TouchedRows {
    return new Map(this.tables.map((table) => [table.parameter, table.renumber(shards)]));
  }
}

class Table {
  readonly parameter: string;
  private readonly inputs: readonly string[];
  /** Place by row, valid where the stamp is that of this step. */
  private readonly places: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;

  constructor({ parameter, rowInputs, rows }: SparseTable & { readonly rows: number }) {
    this.parameter = parameter;
    this.inputs = rowInputs;
    this.places = new Int32Array(rows);
    this.stamps = new Int32Array(rows);
  }

  renumber(shards: readonly Shard[]): Int32Array {
    this.stamp++;
    const { places, stamps, stamp } = this;
    const touched: number[] = [];
    for (const { feeds } of shards) {
      for (const input of this.inputs) {
        const rows = feeds[input]!.data as Int32Array;
        for (let at = 0; at < rows.length; at++) {
          const row = rows[at]!;
          if (stamps[row] !== stamp) {
            stamps[row] = stamp;
            places[row] = touched.length;
            touched.push(row);
          }
          rows[at] = places[row]!;
        }
      }
    }
    return Int32Array.from(touched);
  }
}
