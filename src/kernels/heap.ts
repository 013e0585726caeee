/** Memory that kernels work on: arrays of numbers one behind the other, which are never freed. */
import { UserError } from '../errors';
import { sentence } from '../sentence';

const pageBytes = 65_536;
/** What 32 bits address. */
const maximumPages = 65_536;
/** Every array begins at a multiple of so many bytes. */
const alignment = 64;

/** A place in the memory, in bytes, and its length in numbers. */
export interface Block {
  readonly offset: number;
  readonly length: number;
}

export class Heap {
  readonly descriptor: WebAssembly.MemoryDescriptor;
  readonly memory: WebAssembly.Memory;
  private used = 0;
  private readonly kept = new Map<string, Block>();

  /**
   * @param shared whether other threads may read and write
   * @throws UserError where the process may not reserve addresses
   */
  constructor(shared: boolean) {
    this.descriptor = { initial: 1, maximum: maximumPages, shared };
    try {
      this.memory = new WebAssembly.Memory(this.descriptor);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError(
        sentence`Training reserves 10 GB of addresses, which is no memory yet, and this process may not; raise its limit of virtual memory (ulimit -v).`,
      );
    }
  }

  /**
   * A new array of zeros. Views from before are no longer valid.
   * @throws UserError where it does not fit
   */
  allocate(length: number): Block {
    const offset = this.used;
    const end = offset + Math.ceil((length * Float32Array.BYTES_PER_ELEMENT) / alignment) * alignment;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.grow(missing);
    this.used = end;
    return { offset, length };
  }

  /** Memory for `length` numbers under a key, the same as before where that is enough; what it holds is of no account. */
  grown(key: string, length: number): Block {
    let block = this.kept.get(key);
    if (block === undefined || block.length < length) {
      // Half as much again, so that sizes that grow little by little do not leave a trail of memory.
      block = this.allocate(block === undefined ? length : Math.ceil(length * 1.5));
      this.kept.set(key, block);
    }
    return { offset: block.offset, length };
  }

  /** Puts whole numbers under a key; gives their place. */
  putIntegers(key: string, integers: Int32Array): Block {
    const block = this.grown(key, integers.length);
    new Int32Array(this.memory.buffer, block.offset, block.length).set(integers);
    return block;
  }

  /** The numbers of a block, valid until the next allocation. */
  view({ offset, length }: Block): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }

  private grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError(
        sentence`The model is too large: its weights, their gradients and what the optimizer remembers take more than 4 GB, or more than the machine has. Lower features.vocabulary, features.embedding.size or model.hidden.`,
      );
    }
  }
}
