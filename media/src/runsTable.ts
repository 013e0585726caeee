/** The table of runs: to sort, filter, tick, select, rename, remove and compare. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { PanelTextKey, RunRow } from '../../src/panelMessages';
import { mainScore } from '../../src/scores';
import { comparisonView } from './comparisonView';
import { openMenu, type MenuItem } from './menu';
import { formatClock, formatCompact, formatNumber, formatScore } from './numbers';
import type { PanelModel } from './panelModel';
import { mainScoreValue, scoreName } from './scoreTexts';
import { statusIcon, statusText } from './runStatus';
import { filterRuns, nextOrder, sortRuns, type SortColumn } from './sortRuns';
import { swatch } from './swatch';
import { tellHost } from './host';
import { button, checkbox, iconButton, textField } from './toolkit';
import { formatDate, text } from './texts';

const columns: readonly { readonly column: SortColumn; readonly title: PanelTextKey; readonly isNumber?: boolean }[] = [
  { column: 'name', title: 'columnName' },
  { column: 'status', title: 'columnStatus' },
  { column: 'model', title: 'columnModel' },
  { column: 'parameters', title: 'columnParameters', isNumber: true },
  { column: 'loss', title: 'columnLoss', isNumber: true },
  { column: 'accuracy', title: 'columnAccuracy', isNumber: true },
  { column: 'score', title: 'columnScore', isNumber: true },
  { column: 'test', title: 'columnTest', isNumber: true },
  { column: 'seconds', title: 'columnDuration', isNumber: true },
  { column: 'created', title: 'columnDate', isNumber: true },
];

/** The table with its tools, and the comparison where one is open. */
export function runsTable(model: PanelModel): TemplateResult {
  const { state, runs } = model;
  const shown = sortRuns(
    filterRuns(runs, state.filter, ({ status }) => statusText(status)),
    state.sort,
  );
  const [first, second, ...others] = model.ticked;
  const pair =
    first !== undefined && second !== undefined && others.length === 0 ? ([first, second] as const) : undefined;
  return html`
    <section class="runs" aria-labelledby="runs">
      <div class="section-head">
        <h2 id="runs">${text('runs')}</h2>
        <span class="tools">
          ${textField({
            label: text('filterRuns'),
            placeholder: text('filterRuns'),
            value: state.filter,
            onInput: (filter) => {
              model.set({ filter });
            },
          })}
          ${button({
            label: text('compare'),
            kind: 'secondary',
            isDisabled: pair === undefined,
            hint: text('compareHint'),
            onClick: () => {
              if (pair !== undefined) tellHost({ type: 'compare', left: pair[0].id, right: pair[1].id });
            },
          })}
        </span>
      </div>
      <div class="scroller">
        <table class="runs-table">
          <thead>
            <tr>
              <th class="tick"><span class="for-readers">${text('show')}</span></th>
              ${columns.map((column) => header(model, column))}
              <th class="menu-cell"></th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              ({ id }) => id,
              (run) => line(model, run),
            )}
          </tbody>
        </table>
        ${shown.length === 0 ? html`<p class="aside">${text('noMatch')}</p>` : nothing}
      </div>
      ${
        model.comparison === undefined
          ? nothing
          : comparisonView(model.comparison, runs, () => {
              model.closeComparison();
            })
      }
    </section>
  `;
}

function header(model: PanelModel, { column, title, isNumber = false }: (typeof columns)[number]): TemplateResult {
  const { sort } = model.state;
  const isSorted = sort.column === column;
  const direction = sort.descending ? 'descending' : 'ascending';
  return html`
    <th class=${`${isNumber ? 'number' : ''} column-${column}`} aria-sort=${isSorted ? direction : 'none'}>
      <button
        class="sort"
        @click=${() => {
          model.set({ sort: nextOrder(sort, column) });
        }}
      >
        ${text(title)}<span
          class="codicon codicon-${sort.descending ? 'arrow-small-down' : 'arrow-small-up'}"
          data-shown=${isSorted}
          aria-hidden="true"
        ></span>
      </button>
    </th>
  `;
}

function line(model: PanelModel, run: RunRow): TemplateResult {
  const look = model.look(run.id);
  const isSelected = run.id === model.state.selected;
  const mainName = scoreName(mainScore(run.best?.scores ?? {}).name);
  const score = (value: number | undefined) => (value === undefined ? '–' : formatScore(value));
  return html`
    <tr
      class=${isSelected ? 'selected' : ''}
      aria-selected=${isSelected}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'F2') tellHost({ type: 'rename', run: run.id });
        else if (event.key === 'Delete') tellHost({ type: 'remove', run: run.id });
        else return;
        event.preventDefault();
      }}
    >
      <td class="tick">
        ${checkbox({
          label: text('showCurves', run.name),
          isChecked: look !== undefined,
          onChange: (isTicked) => {
            model.tick(run.id, isTicked);
          },
        })}
      </td>
      <th scope="row" class="column-name">
        <button
          class="select"
          title=${run.name}
          aria-label=${text('selectRun', run.name)}
          @click=${() => {
            model.select(run.id);
          }}
        >
          ${swatch(look)}<span class="name">${run.name}</span>
        </button>
      </th>
      <td class="column-status">${statusIcon(run.status)} ${statusText(run.status)}</td>
      <td>${run.model}</td>
      <td class="number">${run.parameters === null ? '–' : formatCompact(run.parameters)}</td>
      <td class="number">${run.best?.scores.loss === undefined ? '–' : formatNumber(run.best.scores.loss)}</td>
      <td class="number">${score(run.best?.scores.accuracy)}</td>
      <td class="number" title=${mainName}>${mainScoreValue(run.best?.scores)}</td>
      <td class="number" title=${mainName}>${mainScoreValue(run.test)}</td>
      <td class="number">${run.seconds === null ? '–' : formatClock(run.seconds)}</td>
      <td class="number">${formatDate(run.created)}</td>
      <td class="menu-cell">
        ${iconButton({
          icon: 'ellipsis',
          label: text('actionsOf', run.name),
          hasMenu: true,
          onClick: ({ currentTarget }) => {
            openMenu(currentTarget as HTMLElement, text('actionsOf', run.name), actionsOf(model, run));
          },
        })}
      </td>
    </tr>
  `;
}

function actionsOf(model: PanelModel, run: RunRow): MenuItem[] {
  const { selected } = model;
  const tell = (type: 'resume' | 'rename' | 'remove' | 'openExperiment' | 'useModel') => () => {
    tellHost({ type, run: run.id });
  };
  const items: (MenuItem | false)[] = [
    run.status !== 'finished' &&
      run.status !== 'running' &&
      model.training === null && { label: text('resume'), icon: 'debug-continue', onChoose: tell('resume') },
    run.hasModel && { label: text('useModel'), icon: 'symbol-event', onChoose: tell('useModel') },
    selected !== undefined &&
      selected.id !== run.id && {
        label: text('compareWith', selected.name),
        icon: 'diff',
        onChoose: () => {
          tellHost({ type: 'compare', left: selected.id, right: run.id });
        },
      },
    { label: text('openExperiment'), icon: 'go-to-file', onChoose: tell('openExperiment') },
    { label: text('rename'), icon: 'edit', onChoose: tell('rename') },
    run.status !== 'running' && { label: text('remove'), icon: 'trash', onChoose: tell('remove') },
  ];
  return items.filter((item) => item !== false);
}
