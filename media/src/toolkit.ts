/** The panel's controls, and the only file that knows which toolkit they come from. */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { html, type TemplateResult } from 'lit';

/** Makes the controls known to the page; called once, before the first template. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

/** What a button says and does. */
export interface ButtonOptions {
  readonly label: string;
  /** The page's one main action, or one of several. */
  readonly kind: 'primary' | 'secondary';
  readonly onClick: () => void;
}

/** A button with the theme's colours. */
export function button({ label, kind, onClick }: ButtonOptions): TemplateResult {
  return html`<vscode-button appearance=${kind} @click=${onClick}>${label}</vscode-button>`;
}
