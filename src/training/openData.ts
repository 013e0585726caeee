/** Opens the data that an experiment names, whether it is one path or two files side by side. */
import { pairedSource } from '../data/pairedLines';
import type { DataSource } from '../data/source';
import type { TagColumns, TaggedFiles } from '../data/taggedReader';
import { openDataFile, openDataSource } from '../files/dataSource';

/** A path, or a file of texts and one of their labels. */
export type ExamplePaths = string | { readonly texts: string; readonly labels: string };
/** A CoNLL-style file, or a file of tokens and one of their tags. */
export type TaggedPaths = string | { readonly tokens: string; readonly tags: string };

/** Labelled texts; UserError where there is nothing that can be read. `base` is what paths are relative to. */
export async function openExamples(
  paths: ExamplePaths,
  columns: { readonly text: string; readonly label: string },
  base?: string,
): Promise<DataSource> {
  if (typeof paths === 'string') return openDataSource(paths, base);
  return pairedSource(await openDataFile(paths.texts, base), await openDataFile(paths.labels, base), columns);
}

/** Tagged sentences; UserError where there is nothing that can be read. `base` is what paths are relative to. */
export async function openTagged(paths: TaggedPaths, columns: TagColumns, base?: string): Promise<TaggedFiles> {
  if (typeof paths === 'string') return { kind: 'columns', file: await openDataFile(paths, base), columns };
  return {
    kind: 'parallel',
    tokens: await openDataFile(paths.tokens, base),
    tags: await openDataFile(paths.tags, base),
  };
}
