/** What went wrong, as one sentence with its sign. */
import { html, type TemplateResult } from 'lit';

/** The sentence of a problem. */
export function problemView(problem: string): TemplateResult {
  return html`<p class="problem">
    <span class="codicon codicon-error" aria-hidden="true"></span> <span>${problem}</span>
  </p>`;
}
