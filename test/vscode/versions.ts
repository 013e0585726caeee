/** The editors that the tests drive: the oldest that package.json allows and the current one. */

/** One Visual Studio Code, as the package code-server carries it. */
export interface EditorVersion {
  /** Version of Visual Studio Code. */
  readonly vscode: string;
  readonly codeServer: string;
  /** Major version of Node.js that this code-server runs on. */
  readonly node: number;
  /** Identifiers of its colour themes. */
  readonly themes: Readonly<Record<ThemeKind, string>>;
}

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

const highContrast = {
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};

export const oldest: EditorVersion = {
  vscode: '1.99.3',
  codeServer: '4.99.4',
  node: 20,
  themes: { dark: 'Default Dark Modern', light: 'Default Light Modern', ...highContrast },
};

export const current: EditorVersion = {
  vscode: '1.139.1',
  codeServer: '4.139.1',
  node: 24,
  themes: { dark: 'Dark 2026', light: 'Light 2026', ...highContrast },
};

export const versions: readonly EditorVersion[] = [oldest, current];
