/** Reads the texts of chosen examples back from the files that they came from; a data set itself keeps none. */
import type { Dataset } from '../data/dataset';
import { readRecords } from '../data/records';
import { classOfFile, detectFormat } from '../data/source';
import type { DataOptions } from '../experiment/classificationSchema';
import { openExamples } from './openData';

/** An example as it stands in its file. */
export interface ExampleText {
  readonly text: string;
  readonly label: string;
  /** Path as the experiment names it. */
  readonly file: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** The examples' texts, in their order; one whose line is gone from its file since is left out. */
export async function readExampleTexts(
  data: Dataset,
  examples: Iterable<number>,
  { data: options }: { readonly data: DataOptions },
  folder: string,
): Promise<ExampleText[]> {
  const places = Array.from(examples, (example) => data.place(example));
  const found = new Map<string, ExampleText>();
  const key = (file: string, line: number): string => `${line} ${file}`;
  const wanted = new Set(places.map(({ file, line }) => key(file, line)));
  const paths = [options.train, options.validation, options.test].filter((path) => typeof path !== 'number');
  for (const path of paths) {
    const source = await openExamples(path, options, folder);
    const format = detectFormat(source);
    for (const file of source.files) {
      if (!places.some((place) => place.file === file.name)) continue;
      for await (const records of readRecords(file, format, [options.text, options.label])) {
        for (const { values, line } of records) {
          if (!wanted.has(key(file.name, line))) continue;
          const [text, label] = values as [string, string | undefined];
          found.set(key(file.name, line), { text, label: label ?? classOfFile(file.name), file: file.name, line });
        }
      }
    }
  }
  return places.flatMap(({ file, line }) => found.get(key(file, line)) ?? []);
}
