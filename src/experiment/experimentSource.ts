/** The text of an experiment file as a value whose every part knows its place; must not know what the keys mean. */
import { createScanner, findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { type Sentence, sentence, type SentenceValue, type Told, told } from '../sentence';

/** A mistake in an experiment file: where it is and one sentence on it. */
export interface Problem extends Told {
  /** Line from 1. */
  readonly line: number;
  /** Column from 1, in UTF-16 units. */
  readonly column: number;
  /** Offset into the text in UTF-16 units. */
  readonly offset: number;
  /** Length of the wrong part in UTF-16 units. */
  readonly length: number;
  /** Path of the key, as `training.learningRate`; empty for the whole file. */
  readonly key: string;
}

/** Keys from the root to a value. */
export type KeyPath = readonly (string | number)[];

/** A file that is JSON with comments, whatever it says. */
export interface ExperimentSource {
  readonly text: string;
  readonly root: Node;
  readonly value: unknown;
}

/** Longest experiment file in UTF-16 units; real ones have a thousand. */
const longestText = 1_000_000;
/** Deepest nesting; real files have four levels, and the parser is recursive. */
const deepestNesting = 50;

/** Reads JSON with comments; a source is there only where the syntax is right, but keys given twice are problems too. */
export function readExperimentSource(text: string): { source?: ExperimentSource; problems: Problem[] } {
  if (text.length > longestText) {
    const wording = sentence`The file has ${text.length} characters, expected at most ${longestText}; this is no experiment file.`;
    return { problems: [problemAt(text, 0, 0, [], wording)] };
  }
  const tooDeep = offsetOfDeepNesting(text);
  if (tooDeep !== undefined) {
    return {
      problems: [problemAt(text, tooDeep, 1, [], sentence`The nesting is deeper than ${deepestNesting} levels.`)],
    };
  }
  const errors: ParseError[] = [];
  // A byte order mark is white space to people, but not to the parser; a blank in its place keeps all offsets.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true, disallowComments: false });
  if (root === undefined && errors.every((error) => printParseErrorCode(error.error) === 'ValueExpected')) {
    return { problems: [problemAt(text, 0, 0, [], sentence`The file is empty, expected an object in braces.`)] };
  }
  if (root === undefined || errors.length > 0) {
    return { problems: errors.map((error) => syntaxProblem(text, error)) };
  }
  const problems: Problem[] = [];
  const value = valueOf(root, [], (node, path, wording) =>
    problems.push(problemAt(text, node.offset, node.length, path, wording)),
  );
  return { source: { text, root, value }, problems };
}

/** A problem with the value at `path`, or with the nearest value around it that is there. */
export function problemOfValue(source: ExperimentSource, path: KeyPath, wording: Sentence): Problem {
  const node = nodeAt(source, path);
  if (node !== undefined) {
    return problemAt(source.text, node.offset, node.length, path, wording);
  }
  let outer = path.slice(0, -1);
  while (outer.length > 0 && nodeAt(source, outer) === undefined) {
    outer = outer.slice(0, -1);
  }
  const around = outer.length === 0 ? undefined : keyNodeAt(source, outer);
  return around === undefined
    ? problemAt(source.text, source.root.offset, 1, path, wording)
    : problemAt(source.text, around.offset, around.length, path, wording);
}

/** A problem with the key itself that `path` ends in. */
export function problemOfKey(source: ExperimentSource, path: KeyPath, wording: Sentence): Problem {
  const node = keyNodeAt(source, path) ?? source.root;
  return problemAt(source.text, node.offset, node.length, path, wording);
}

/** The words of the file for the value at `path`, shortened; undefined where there is none. */
export function foundAt(source: ExperimentSource, path: KeyPath): SentenceValue | undefined {
  const node = nodeAt(source, path);
  if (node === undefined) {
    return undefined;
  }
  if (node.type === 'object') {
    return sentence`an object`;
  }
  if (node.type === 'array') {
    return sentence`a list`;
  }
  const words = source.text.slice(node.offset, node.offset + node.length);
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

/** The value at `path`, undefined where there is none. */
export function valueAt(source: ExperimentSource, path: KeyPath): unknown {
  return nodeAt(source, path)?.value;
}

/** Offset of the value at `path`, undefined where there is none. */
export function valueOffset(source: ExperimentSource, path: KeyPath): number | undefined {
  return nodeAt(source, path)?.offset;
}

/** `["training", "classWeights", "very bad"]` as `training.classWeights["very bad"]`. */
export function keyWords(path: KeyPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') {
        return `[${key}]`;
      }
      return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `${index > 0 ? '.' : ''}${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('');
}

const nodeAt = (source: ExperimentSource, path: KeyPath): Node | undefined =>
  findNodeAtLocation(source.root, [...path]);

const keyNodeAt = (source: ExperimentSource, path: KeyPath): Node | undefined =>
  nodeAt(source, path)?.parent?.children?.[0];

function problemAt(text: string, offset: number, length: number, path: KeyPath, wording: Sentence): Problem {
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const line = 1 + (before.match(/\r\n|\r|\n/g)?.length ?? 0);
  return { line, column: offset - lineStart + 1, offset, length, key: keyWords(path), ...told(wording) };
}

type Report = (node: Node, path: KeyPath, wording: Sentence) => void;

function valueOf(node: Node, path: KeyPath, report: Report): unknown {
  if (node.type === 'object') {
    return objectOf(node, path, report);
  }
  if (node.type === 'array') {
    return (node.children ?? []).map((child, index) => valueOf(child, [...path, index], report));
  }
  return node.value;
}

function objectOf(node: Node, path: KeyPath, report: Report): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) {
      continue; // Only a file with wrong syntax has such a property, and it does not come here.
    }
    const key = String(keyNode.value);
    const keyPath = [...path, key];
    if (key === '__proto__') {
      report(keyNode, keyPath, sentence`this name cannot be used as a key.`);
    } else if (Object.hasOwn(result, key)) {
      report(keyNode, keyPath, sentence`the key is given twice; keep one of the two.`);
    } else {
      result[key] = valueOf(valueNode, keyPath, report);
    }
  }
  return result;
}

function offsetOfDeepNesting(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  // The scanner's kinds are a const enum, which a bundler does not see: 1 and 3 open, 2 and 4 close, 17 is the end.
  for (let kind: number = scanner.scan(); kind !== 17; kind = scanner.scan()) {
    if (kind === 1 || kind === 3) {
      depth++;
      if (depth > deepestNesting) {
        return scanner.getTokenOffset();
      }
    } else if (kind === 2 || kind === 4) {
      depth--;
    }
  }
  return undefined;
}

const syntaxWords: Record<string, Sentence> = {
  InvalidSymbol: sentence`This word is no JSON value; texts stand in double quotes.`,
  InvalidNumberFormat: sentence`This is no number as JSON writes it.`,
  PropertyNameExpected: sentence`A key in double quotes is expected here.`,
  ValueExpected: sentence`A value is expected here.`,
  ColonExpected: sentence`A colon is expected here, between the key and its value.`,
  CommaExpected: sentence`A comma is expected here.`,
  CloseBraceExpected: sentence`A closing brace } is expected here.`,
  CloseBracketExpected: sentence`A closing bracket ] is expected here.`,
  EndOfFileExpected: sentence`The end of the file is expected here.`,
  UnexpectedEndOfComment: sentence`The comment is not closed by */.`,
  UnexpectedEndOfString: sentence`The text is not closed by a double quote.`,
  UnexpectedEndOfNumber: sentence`The number is not complete.`,
  InvalidUnicode: sentence`The escape \\u needs four hexadecimal digits.`,
  InvalidEscapeCharacter: sentence`This escape is unknown; a backslash is written \\\\.`,
  InvalidCharacter: sentence`This character must be escaped in a text.`,
};

function syntaxProblem(text: string, { error, offset, length }: ParseError): Problem {
  const code = printParseErrorCode(error);
  return problemAt(text, offset, length, [], syntaxWords[code] ?? sentence`The JSON is wrong here (${code}).`);
}
