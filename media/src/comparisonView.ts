/** Two runs' experiment files side by side, only where they differ. */
import { html, type TemplateResult } from 'lit';
import type { RunRow } from '../../src/panelMessages';
import type { Comparison } from './panelModel';
import { iconButton } from './toolkit';
import { text } from './texts';

/** The differences, with a way to put them away. */
export function comparisonView(comparison: Comparison, runs: readonly RunRow[], onClose: () => void): TemplateResult {
  const { left, right, rows } = comparison;
  const nameOf = (id: string) => runs.find((run) => run.id === id)?.name ?? '';
  const value = (found: string | null) =>
    found === null ? html`<span class="aside">${text('absent')}</span>` : html`<code>${found}</code>`;
  return html`
    <section class="comparison" aria-labelledby="comparison">
      <div class="section-head">
        <h3 id="comparison">${text('differences')}</h3>
        ${iconButton({ icon: 'close', label: text('close'), onClick: onClose })}
      </div>
      ${
        rows.length === 0
          ? html`<p>${text('noDifferences', nameOf(left), nameOf(right))}</p>`
          : html`
              <div class="scroller">
                <table>
                  <thead>
                    <tr>
                      <th>${text('key')}</th>
                      <th>${nameOf(left)}</th>
                      <th>${nameOf(right)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.map(
                      (row) => html`
                        <tr>
                          <th scope="row"><code>${row.key}</code></th>
                          <td>${value(row.left)}</td>
                          <td>${value(row.right)}</td>
                        </tr>
                      `,
                    )}
                  </tbody>
                </table>
              </div>
            `
      }
    </section>
  `;
}
