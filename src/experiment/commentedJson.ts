/** JSON with a comment before chosen keys; pure, knows nothing of experiments. */

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Characters up to which an object or array without comments inside stays on one line. */
const LINE_LIMIT = 80;

/**
 * `value` as text with two spaces of indentation. `comments` maps the path of a key, as `training.epochs`, to what is
 * said in `//` lines before it; the empty path is the file's head.
 */
export function writeCommentedJson(value: Json, comments: Readonly<Record<string, string>>): string {
  return `${writeComment(comments[''], '')}${writeValue(value, '', '', comments)}\n`;
}

function writeValue(value: Json, path: string, indent: string, comments: Readonly<Record<string, string>>): string {
  if (!isObject(value)) {
    return Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : JSON.stringify(value);
  }
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(([key, item]) => {
    const itemPath = path === '' ? key : `${path}.${key}`;
    const comment = writeComment(comments[itemPath], inner);
    return { comment, text: `${JSON.stringify(key)}: ${writeValue(item, itemPath, inner, comments)}` };
  });
  if (entries.length === 0) {
    return '{}';
  }
  const line = `{ ${entries.map(({ text }) => text).join(', ')} }`;
  const commented = Object.keys(comments).some((key) => key.startsWith(path === '' ? '' : `${path}.`) && key !== '');
  if (!commented && path !== '' && line.length <= LINE_LIMIT && !line.includes('\n')) {
    return line;
  }
  return `{\n${entries.map(({ comment, text }) => `${comment}${inner}${text}`).join(',\n')}\n${indent}}`;
}

/** Nothing but a line feed may end a line of a comment, and nothing in it turns the direction of reading. */
const unsafe = /[^\P{Cc}\n]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

function writeComment(comment: string | undefined, indent: string): string {
  return comment === undefined
    ? ''
    : comment
        .replace(unsafe, '\uFFFD')
        .split('\n')
        .map((line) => `${indent}// ${line}\n`)
        .join('');
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
