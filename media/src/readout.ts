/** The values at the crosshair. */
import { html, type TemplateResult } from 'lit';
import { formatCount } from './numbers';
import type { ReadoutRow } from './scene';
import { swatch } from './swatch';
import { text } from './texts';

/** A line for each run; without names where another chart beside it shows them. */
export function readoutView(step: number, rows: readonly ReadoutRow[], named: boolean): TemplateResult {
  return html`
    <div class="readout-step">${text('step')} ${formatCount(step)}</div>
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
