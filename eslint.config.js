import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import ts from 'typescript';

/**
 * A user's mistake below the host is a sentence, so that the host can translate it: `new UserError(sentence`…`)`. The host
 * translates its own texts, and the command line speaks English; neither of them is asked.
 */
const translatable = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { plain: 'Mark the text with the tag `sentence`, so that it can be translated.' },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    return {
      'NewExpression[callee.name="UserError"]'(node) {
        const [argument] = node.arguments;
        if (argument === undefined) return;
        const type = services.getTypeAtLocation(argument);
        const parts = type.isUnion() ? type.types : [type];
        if (parts.some((part) => part.flags & ts.TypeFlags.StringLike)) {
          context.report({ node: argument, messageId: 'plain' });
        }
      },
    };
  },
};

/** What no file may contain. */
const nowhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Exports have names here.' },
  {
    selector: 'ImportDeclaration[source.value="zod"] > ImportSpecifier',
    message: 'Import the namespace: the name `z` brings the messages of all languages into the bundle.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'out/', 'node_modules/', 'src/onnx/generated/', 'test/**/output/', '**/.venv/']),
  eslint.configs.recommended,
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-restricted-syntax': ['error', ...nowhere],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/host/**'],
    plugins: { sentences: { rules: { translatable } } },
    rules: { 'sentences/translatable': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/kernels/**'],
    rules: {
      'no-restricted-globals': ['error', { name: 'WebAssembly', message: 'Kernels alone use it: src/kernels.' }],
    },
  },
  {
    files: ['src/host/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...nowhere,
        {
          selector: 'NewExpression[callee.name="UserError"] > :matches(Literal, TemplateLiteral)',
          message: 'Hand the text to vscode.l10n.t, so that it is translated.',
        },
      ],
    },
  },
  {
    files: ['src/experiment/*Schema.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...nowhere,
        {
          selector: 'Property[key.name=/^(message|error)$/] > :matches(Literal, TemplateLiteral)',
          message: 'Write carried(sentence`…`), so that the message can be translated.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
);
