/** Every text and every sentence that a person sees exists in both languages, with the same places, and none is left over. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { experimentEditorSchema, isWording } from '../../../src/experiment/editorSchema';

type Texts = Readonly<Record<string, string>>;

const readTexts = (path: string): Texts => JSON.parse(readFileSync(path, 'utf8')) as Texts;
const sorted = (keys: Iterable<string>): string[] => [...new Set(keys)].sort();
const placeholders = (text: string): string[] => sorted(text.match(/\{\w+\}/g) ?? []);

const sources = [
  'src/extension.ts',
  ...readdirSync('src/host', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join('src/host', path)),
];

/** The literal at the start of `text`, evaluated; undefined where it is no plain literal. */
function literalAt(text: string): string | undefined {
  const [, quoted] = /^\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*[,)]/.exec(text) ?? [];
  if (quoted === undefined) return undefined;
  const inner = quoted.slice(1, -1).replaceAll(String.raw`\'`, "'");
  return JSON.parse(`"${quoted.startsWith("'") ? inner.replaceAll('"', String.raw`\"`) : inner}"`) as string;
}

/** The one place that hands on keys of sentences, which are found where the sentences are. */
const sentencePlace = join('src/host', 'userSentence.ts');

/** All texts that the sources hand to `l10n.t`. */
function translatedTexts(): string[] {
  return sources.flatMap((path) => {
    if (path === sentencePlace) return [];
    const code = readFileSync(path, 'utf8');
    return [...code.matchAll(/l10n\.t\(/g)].map(({ index }) => {
      const text = literalAt(code.slice(index + 'l10n.t('.length));
      const line = code.slice(0, index).split('\n').length;
      assert.ok(text !== undefined, `${path}:${line}: l10n.t takes a literal, so that its text can be found.`);
      return text;
    });
  });
}

/** The keys of all sentences: the template literals with the tag `sentence`. */
function sentenceKeys(): string[] {
  const keys: string[] = [];
  for (const path of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.includes('generated')) continue;
    const code = readFileSync(join('src', path), 'utf8');
    if (!code.includes('sentence`')) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sentence') keys.push(keyOf(node.template));
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true));
  }
  return keys;
}

function keyOf(template: ts.TemplateLiteral): string {
  return ts.isNoSubstitutionTemplateLiteral(template)
    ? template.text
    : template.head.text + template.templateSpans.map(({ literal }, at) => `{${at}}${literal.text}`).join('');
}

const chinese = /\p{Script=Han}/u;
/** Whether a text says something besides its values; a comma between two values does not. */
const isWorded = (text: string): boolean => /\p{L}/u.test(text.replace(/\{\w+\}/g, ''));

test('every text at run time has a Chinese translation with the same places for values', () => {
  const bundle = readTexts('l10n/bundle.l10n.zh-cn.json');
  const [texts, keys] = [translatedTexts(), sentenceKeys()];
  assert.ok(texts.length > 10 && keys.length > 10);
  const used = sorted([...texts, ...keys]);
  assert.deepEqual(sorted(Object.keys(bundle)), used);
  for (const [text, translation] of Object.entries(bundle)) {
    assert.deepEqual(placeholders(translation), placeholders(text), text);
    if (isWorded(text)) assert.match(translation, chinese, text);
  }
});

test('every key of package.json has its text in both languages, and no text is left over', () => {
  const used = sorted([...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!));
  const english = readTexts('package.nls.json');
  const translated = readTexts('package.nls.zh-cn.json');
  assert.deepEqual(sorted(Object.keys(english)), used);
  assert.deepEqual(sorted(Object.keys(translated)), used);
  for (const key of used) {
    assert.deepEqual(placeholders(translated[key]!), placeholders(english[key]!), key);
    // The schema is a file in each language.
    if (key === 'experimentSchema.path') assert.equal(translated[key], english[key]!.replace('.json', '.zh-cn.json'));
    else assert.match(translated[key]!, chinese, key);
  }
});

test('every word of the schema of experiments has a Chinese translation, and none is left over', () => {
  const translations = readTexts('l10n/schema.l10n.zh-cn.json');
  assert.deepEqual(sorted(Object.keys(translations)), sorted(wordings(experimentEditorSchema())));
  for (const wording of wordings(experimentEditorSchema(translations))) assert.match(wording, chinese);
  // What stands in quotes or has an extension is written in the file and stays as it is.
  const written = (text: string) => (text.match(/"[^"]+"|\.?\w+\.json|\.(ts|csv|txt|npy)\b/g) ?? []).sort();
  for (const [text, translation] of Object.entries(translations)) assert.deepEqual(written(translation), written(text));
});

/** The titles and descriptions of a schema, each once. */
function wordings(schema: unknown, words = new Set<string>()): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [...words];
  for (const [key, value] of Object.entries(schema)) {
    if (isWording(key) && typeof value === 'string') words.add(value);
    wordings(value, words);
  }
  return [...words];
}

test('package.json contributes no text that cannot be translated', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: unknown };
  const plain: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') {
      const isText = /\.(title|description|markdownDescription|label|contents|name|shortTitle)$/.test(path);
      const isTexts = /\.(enumDescriptions|markdownEnumDescriptions|enumItemLabels)\.\d+$/.test(path);
      if ((isText || isTexts) && !/^%.+%$/.test(value)) plain.push(`${path}: ${value}`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    }
  };
  walk(manifest.contributes, 'contributes');
  assert.deepEqual(plain, []);
});
