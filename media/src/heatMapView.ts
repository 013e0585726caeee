/** Where a translator looked: a table of shaded cells to read by eye, by pointer, by keys and by ear. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelTranslated } from '../../src/tryItMessages';
import {
  cellAfter,
  type HeatCell,
  type HeatMap,
  heatMapOf,
  mostPieces,
  type PieceLabel,
  sentenceName,
} from './heatMap';
import { inlineStyle } from './inlineStyle';
import { formatScore } from './numbers';
import { text } from './texts';
import { dropdown } from './toolkit';
import type { TryIt } from './tryItModel';

/** The map of the chosen sentence; nothing where nothing was translated. */
export function heatMapView(box: TryIt, { sentences }: PanelTranslated): TemplateResult | typeof nothing {
  const chosen = sentences[box.sentence];
  const map = chosen === undefined ? undefined : heatMapOf(chosen);
  if (map === undefined) return nothing;
  return html`
    <div class="heat">
      <div class="section-head">
        <h3 id="heat">${text('heatMap')}</h3>
        ${
          sentences.length < 2
            ? nothing
            : dropdown({
                label: text('sentence'),
                value: String(box.sentence),
                options: sentences.map((sentence, at) => ({
                  value: String(at),
                  label: `${at + 1}. ${sentenceName(sentence)}`,
                })),
                onChange: (value) => {
                  box.showSentence(Number(value));
                },
              })
        }
        <span class="heat-scale aside" aria-hidden="true">0 <i></i> 1</span>
      </div>
      ${table(box, map)}${readout(box, map)}
    </div>
  `;
}

function table(box: TryIt, map: HeatMap): TemplateResult {
  const { cell } = box;
  const reached = cell ?? { row: 0, column: 0 };
  return html`
    <div class="heat-scroller">
      <table
        class="heat-map"
        role="grid"
        aria-labelledby="heat"
        aria-describedby="heat-hint"
        @mouseover=${(event: Event) => {
          box.point(cellAt(event.target));
        }}
        @mouseleave=${() => {
          box.point(undefined);
        }}
        @focusin=${(event: Event) => {
          box.point(cellAt(event.target));
        }}
        @focusout=${() => {
          box.point(undefined);
        }}
        @keydown=${(event: KeyboardEvent) => {
          move(event, map);
        }}
      >
        <thead>
          <tr>
            <td></td>
            ${map.columns.map(
              (label, column) =>
                html`<th
                  scope="col"
                  class=${`heat-column${map.isRotated ? ' heat-rotated' : ''}`}
                  data-start=${label.isStart}
                  data-pointed=${cell?.column === column}
                >
                  ${piece(label)}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${map.rows.map(
            (label, row) => html`
              <tr data-start=${label.isStart}>
                <th scope="row" data-pointed=${cell?.row === row}>${piece(label)}</th>
                ${map.columns.map((_, column) => weightCell(map, { row, column }, reached))}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** A piece with its whole text as a tip, for a label may be cut; a dot says that it goes on with a word. */
function piece({ text: own, isContinued }: PieceLabel): TemplateResult {
  return html`<span class="heat-label" title=${own}
    >${isContinued ? html`<span class="heat-joint" aria-hidden="true">·</span>` : nothing}${own}</span
  >`;
}

function weightCell({ columns, weights }: HeatMap, { row, column }: HeatCell, reached: HeatCell): TemplateResult {
  const weight = weights[row]![column]!;
  const shade = inlineStyle({ '--weight': `${(100 * Math.min(1, Math.max(0, weight))).toFixed(1)}%` });
  return html`<td
    data-row=${row}
    data-column=${column}
    data-start=${columns[column]!.isStart}
    tabindex=${row === reached.row && column === reached.column ? 0 : -1}
  >
    <i ${shade}><span class="for-readers">${formatScore(weight)}</span></i>
  </td>`;
}

/** What is pointed at in words and figures; as high as the hint that stands there else. */
function readout({ cell }: TryIt, { rows, columns, weights, isCut }: HeatMap): TemplateResult {
  const weight = cell === undefined ? undefined : weights[cell.row]?.[cell.column];
  const isPointed = cell !== undefined && weight !== undefined;
  return html`<p class="heat-readout">
    ${
      isPointed
        ? html`<b>${piece(rows[cell.row]!)}</b> <span aria-hidden="true">←</span> <b>${piece(columns[cell.column]!)}</b>
            <span class="heat-value">${formatScore(weight)}</span>`
        : nothing
    }
    <span id="heat-hint" class=${isPointed ? 'for-readers' : 'aside'}
      >${text('heatMapHint')}${isCut ? ` ${text('heatMapCut', mostPieces)}` : ''}</span
    >
  </p>`;
}

function move(event: KeyboardEvent, map: HeatMap): void {
  const from = cellAt(event.target);
  const to = from === undefined ? undefined : cellAfter(from, event.key, map);
  if (to === undefined) return;
  event.preventDefault();
  const grid = event.currentTarget as HTMLElement;
  grid.querySelector<HTMLElement>(`td[data-row="${to.row}"][data-column="${to.column}"]`)?.focus();
}

function cellAt(target: EventTarget | null): HeatCell | undefined {
  const cell = (target as Element).closest<HTMLElement>('td[data-row]');
  return cell === null ? undefined : { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) };
}
