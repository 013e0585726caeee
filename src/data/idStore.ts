/** Token ids of a whole data set, in memory or spilled to a file that is handed in; knows nothing of examples. */

/** Bytes outside of memory: appended, then read at positions. `src/files` makes one of a temporary file. */
export interface ByteStore {
  /** Appends all bytes. */
  write(bytes: Uint8Array): void;
  /** Fills the target from `position` in bytes; throws where there are fewer. */
  read(position: number, target: Uint8Array): void;
  /** Frees what it holds; may be called again. */
  dispose(): void;
}

export interface IdStoreOptions {
  /** Called once, when the ids outgrow the threshold; without it everything stays in memory. */
  readonly spill?: (() => ByteStore) | undefined;
  /** Bytes of ids to keep in memory at most; default 64 MiB. */
  readonly threshold?: number | undefined;
}

const chunkLength = 1 << 20;
/** Ids that an `IdScanner` reads at once. */
export const scanWindow = 1 << 18;
const defaultThreshold = 64 * 1024 * 1024;

/** A growing sequence of 32-bit ids, read back by offset. */
export class IdStore {
  readonly #spill: (() => ByteStore) | undefined;
  readonly #threshold: number;
  /** Ids after those in the file, in arrays of `chunkLength`. */
  #chunks: Int32Array[] = [];
  #file: ByteStore | null = null;
  /** Ids in the file; a multiple of `chunkLength`. */
  #inFile = 0;
  #count = 0;

  constructor(options: IdStoreOptions = {}) {
    this.#spill = options.spill;
    this.#threshold = options.threshold ?? defaultThreshold;
  }

  /** Ids in all. */
  get count(): number {
    return this.#count;
  }

  /** Whether ids have gone to the file. */
  get spilled(): boolean {
    return this.#file !== null;
  }

  append(id: number): void {
    const at = this.#count % chunkLength;
    if (at === 0) {
      if (this.#spill !== undefined && (this.#count - this.#inFile + chunkLength) * 4 > this.#threshold) this.#flush();
      this.#chunks.push(new Int32Array(chunkLength));
    }
    this.#chunks[this.#chunks.length - 1]![at] = id;
    this.#count += 1;
  }

  /** Copies `length` ids from `offset` into the target from its start. */
  read(offset: number, length: number, target: Int32Array): void {
    if (offset < 0 || length < 0 || offset + length > this.#count) {
      throw new RangeError(`ids ${offset}…${offset + length} are outside of the ${this.#count} stored`);
    }
    let done = 0;
    if (offset < this.#inFile) {
      done = Math.min(length, this.#inFile - offset);
      this.#file!.read(offset * 4, new Uint8Array(target.buffer, target.byteOffset, done * 4));
    }
    while (done < length) {
      const from = offset + done - this.#inFile;
      const chunk = this.#chunks[Math.floor(from / chunkLength)]!;
      const start = from % chunkLength;
      const end = Math.min(chunkLength, start + length - done);
      target.set(chunk.subarray(start, end), done);
      done += end - start;
    }
  }

  /** Frees the memory and the file; nothing can be read afterwards. */
  dispose(): void {
    this.#file?.dispose();
    this.#file = null;
    this.#chunks = [];
    this.#count = 0;
    this.#inFile = 0;
  }

  #flush(): void {
    this.#file ??= this.#spill!();
    for (const chunk of this.#chunks) this.#file.write(new Uint8Array(chunk.buffer));
    this.#inFile += this.#chunks.length * chunkLength;
    this.#chunks = [];
  }
}

/** Reads neighbouring stretches in large steps: for passes in the order of storing, where many small reads would be slow. */
export class IdScanner {
  readonly #store: IdStore;
  readonly #window: Int32Array;
  #start = 0;
  #end = 0;

  constructor(store: IdStore, windowLength = scanWindow) {
    this.#store = store;
    this.#window = new Int32Array(windowLength);
  }

  /** The ids from `offset`: a view that the next call may overwrite. `length` is at most the window's. */
  at(offset: number, length: number): Int32Array {
    if (length > this.#window.length)
      throw new RangeError(`a window of ${this.#window.length} ids cannot hold ${length}`);
    if (offset < this.#start || offset + length > this.#end) {
      this.#start = offset;
      this.#end = Math.min(this.#store.count, offset + this.#window.length);
      this.#store.read(offset, this.#end - offset, this.#window);
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }
}
