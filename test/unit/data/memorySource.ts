/** Data sources in memory, handed out in small chunks so that every reader meets cut characters and cut lines. */
import type { DataFile, DataSource } from '../../../src/data/source';

export function memoryFile(name: string, content: string | Uint8Array, chunkLength = 7): DataFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name,
    bytes: bytes.length,
    // eslint-disable-next-line @typescript-eslint/require-await -- readers take asynchronous sources
    async *open() {
      for (let start = 0; start < bytes.length; start += chunkLength) yield bytes.slice(start, start + chunkLength);
    },
  };
}

export function memorySource(name: string, content: string | Uint8Array, chunkLength = 7): DataSource {
  return { name, kind: 'file', files: [memoryFile(name, content, chunkLength)] };
}

export function memoryFolder(name: string, files: Readonly<Record<string, string>>): DataSource {
  return {
    name,
    kind: 'folder',
    files: Object.entries(files).map(([file, content]) => memoryFile(`${name}/${file}`, content)),
  };
}
