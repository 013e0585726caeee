/** Walks through a folder's subfolders within bounds, as a workspace of any size needs; knows nothing of what is looked for. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One folder and what is in it. */
export interface WalkedFolder {
  readonly path: string;
  /** Names of its files, in the order of their names. */
  readonly files: readonly string[];
  /** Names of all its folders, in the order of their names, those that are not entered included. */
  readonly folders: readonly string[];
}

/** Where to stop. */
export interface WalkLimits {
  readonly folders: number;
  /** Levels below the root. */
  readonly depth: number;
}

const defaultLimits: WalkLimits = { folders: 5_000, depth: 12 };
/** Folders that hold what machines made, beside all that begin with a dot. */
const skipped = new Set(['node_modules', 'bower_components', '__pycache__', 'venv']);

/** The root and the folders below it, nearest first; links are not followed, and what may not be read is passed over. */
export async function* walkFolders(root: string, limits: WalkLimits = defaultLimits): AsyncGenerator<WalkedFolder> {
  let level = [root];
  let count = 0;
  for (let depth = 0; depth <= limits.depth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      if (++count > limits.folders) return;
      // Gone or closed to us: nothing there can be offered.
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      const names = (wanted: (entry: (typeof entries)[number]) => boolean) =>
        entries
          .filter(wanted)
          .map((entry) => entry.name)
          .sort((a, b) => (a < b ? -1 : 1));
      const folders = names((entry) => entry.isDirectory());
      yield { path, files: names((entry) => entry.isFile()), folders };
      next.push(
        ...folders.filter((name) => !name.startsWith('.') && !skipped.has(name)).map((name) => join(path, name)),
      );
    }
    level = next;
  }
}
