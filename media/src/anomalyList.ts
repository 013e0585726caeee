/** The anomalies of a forecast series as a list; a click on one opens the data at its row. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ForecastBoard } from './forecastBoard';
import type { ForecastCurves } from './forecastCurves';
import { headingOf } from './forecastScene';
import { formatCount, formatNumber } from './numbers';
import { text } from './texts';

/** All anomalies, in the order of time. */
export function anomalyList(curves: ForecastCurves, board: ForecastBoard): TemplateResult {
  const { alarms, lines } = curves.series;
  const count = alarms.length;
  return html`
    <div class="anomalies" data-count=${count}>
      <h3>${count === 1 ? text('anomalyOne') : text('anomalyCount', formatCount(count))}</h3>
      ${count === 0 ? html`<p class="aside">${text('anomalyNone')}</p>` : nothing}
      <ol class="mistakes">
        ${alarms.map(
          ({ cause, score }, index) => html`
            <li>
              <button
                title=${text('openExample', lines[cause]!)}
                @click=${() => {
                  board.openAnomaly(index);
                }}
              >
                <span class="mistake-text">${headingOf(curves, cause)}</span>
                <span class="mistake-facts"
                  ><span>${found(curves, cause)}</span><span>${text('anomalyScore', formatNumber(score))}</span></span
                >
              </button>
            </li>
          `,
        )}
      </ol>
    </div>
  `;
}

/** What the strangest channel has in a row, and what was expected. */
function found(curves: ForecastCurves, row: number): string {
  const { name, values, low, high } = curves.channels[curves.strangestChannel(row)]!;
  const value = formatNumber(values.at(row)!);
  if (Number.isNaN(low.at(row))) return `${name} ${value}`;
  return text('anomalyFound', name, value, formatNumber(low.at(row)!), formatNumber(high.at(row)!));
}
