/** The page of a webview: one script, one style sheet and a policy that lets nothing else in. Knows no message. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page that runs `dist/<name>.js` with the styles of `dist/<name>.css`. */
export function webviewHtml(webview: vscode.Webview, extensionUri: vscode.Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  // The toolkit asks by a style element of its own whether the browser knows :focus-visible; it looks for this nonce.
  const styleNonce = randomBytes(16).toString('base64');
  const file = (extension: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', `${name}.${extension}`)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${styleNonce}'`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${styleNonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="${file('css')}" />
  </head>
  <body>
    <main></main>
    <script nonce="${nonce}" src="${file('js')}"></script>
  </body>
</html>`;
}
