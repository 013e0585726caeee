/** Opens plain-text files for the reader of running text: one file, a folder of them, or a pattern; knows nothing of tokens. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { type DiskSource, openDataFile } from './dataSource';
import { walkFolders } from './walkFolders';

const wildcard = /[*?]/u;

/**
 * A text file; a folder with its `.txt` files, those of its subfolders included; or the files that a pattern names, where
 * `*` and `?` stand for characters of a name and `**` for any folders. Several files come in the order of their paths.
 * `name` is relative to `base`, the folder of the experiment file or the working directory.
 * @throws UserError where there is nothing that can be read
 */
export async function openTextSource(name: string, base: string = process.cwd()): Promise<DiskSource> {
  const full = path.resolve(base, name);
  const found = await stat(full).catch(() => null);
  if (found?.isDirectory() === true) {
    const files = await filesBelow(full, (relative) => relative.toLowerCase().endsWith('.txt'));
    if (files.length === 0) {
      throw new UserError(sentence`The folder has no .txt files; name other files by a pattern, as in notes/**/*.md.`, {
        file: name,
      });
    }
    return sourceOf(
      name,
      base,
      files.map((file) => path.join(name, file)),
    );
  }
  if (found !== null || !wildcard.test(name)) {
    return { name, kind: 'file', files: [await openDataFile(name, base)] };
  }
  const segments = name.split(/[\\/]/u);
  const first = segments.findIndex((segment) => wildcard.test(segment));
  const root = segments.slice(0, first).join('/') || (name.startsWith('/') ? '/' : '.');
  const matches = patternOf(segments.slice(first));
  const files = await filesBelow(path.resolve(base, root), (relative) => matches.test(relative));
  if (files.length === 0) throw new UserError(sentence`No file has a name of this pattern; check it.`, { file: name });
  return sourceOf(
    name,
    base,
    files.map((file) => path.join(root, file)),
  );
}

async function sourceOf(name: string, base: string, files: readonly string[]): Promise<DiskSource> {
  return { name, kind: 'folder', files: await Promise.all(files.map((file) => openDataFile(file, base))) };
}

/** Paths below a folder that are wanted, with `/`, in the order of their characters. */
async function filesBelow(root: string, wanted: (relative: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  for await (const { path: folder, files } of walkFolders(root)) {
    for (const file of files) {
      const relative = path.relative(root, path.join(folder, file)).replaceAll(path.sep, '/');
      if (wanted(relative)) found.push(relative);
    }
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** `**` as a segment stands for any number of folders. */
function patternOf(segments: readonly string[]): RegExp {
  const parts = segments.map((segment, at) => {
    if (segment === '**') return at === segments.length - 1 ? '.*' : '(?:[^/]+/)*';
    const name = segment
      .replace(/[.+^${}()|[\]\\]/gu, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    return at === segments.length - 1 ? name : `${name}/`;
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}
