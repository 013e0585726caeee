/** The small piece of line that stands for a run in tables and read-outs. */
import { html, svg, type TemplateResult } from 'lit';
import type { RunLook } from './runColors';

/** A line in the run's colour and dash; an empty place of the same size for a run without. */
export function swatch(look: RunLook | undefined): TemplateResult {
  const line =
    look === undefined
      ? undefined
      : svg`<line x1="0" y1="5" x2="18" y2="5" stroke=${look.color} stroke-width="3" stroke-dasharray=${look.dash.join(' ') || 'none'}></line>`;
  return html`<svg class="swatch" width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">${line}</svg>`;
}
