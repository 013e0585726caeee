/** The values at the crosshair. */
import { html, type TemplateResult } from 'lit';
import type { ReadoutRow } from './scene';
import { swatch } from './swatch';

/** A line for each run; without names where another chart beside it shows them. */
export function readoutView(heading: string, rows: readonly ReadoutRow[], named: boolean): TemplateResult {
  return html`
    <div class="readout-step">${heading}</div>
    <div class="readout-rows" data-named=${named} data-many=${rows.length > 8}>
      ${rows.map(
        ({ name, look, value, aside }) => html`
          <div class="readout-row">
            ${swatch(look)}<span class="readout-value">${value}</span>
            ${named ? html`<span class="readout-aside">${aside ?? ''}</span><span class="readout-name">${name}</span>` : ''}
          </div>
        `,
      )}
    </div>
  `;
}
