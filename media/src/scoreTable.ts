/** The scores of the validation and the test part side by side. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RunRow } from '../../src/panelMessages';
import { isBetterScore, type ScoreName } from '../../src/scores';
import type { RunDetail } from './panelModel';
import { scoreName, scoreValue } from './scoreTexts';
import { text } from './texts';

/** A row for each of these scores, with a dash where a part has none; a sentence while there are no scores at all. */
export function scoreTable(
  selected: RunRow,
  { validation, test }: Pick<RunDetail, 'validation' | 'test'>,
  names: readonly ScoreName[],
  nameOf: (name: ScoreName) => string = scoreName,
): TemplateResult {
  if (validation === null && test === null) return html`<p class="aside">${text('noScores')}</p>`;
  const value = (scores: RunDetail['test'], name: ScoreName) => {
    const found = scores?.[name];
    return found === undefined ? '–' : scoreValue(name, found);
  };
  const { best } = selected;
  return html`
    <div class="scroller">
      <table class="classes scores">
        <thead>
          <tr>
            <th></th>
            <th class="number">${text('partValidation')}</th>
            <th class="number">${text('partTest')}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name) => html`
              <tr data-score=${name}>
                <th scope="row">${nameOf(name)}</th>
                <td class="number">${value(validation, name)}</td>
                <td class="number">${value(test, name)}</td>
                <td class="aside">${text(isBetterScore(name, 1, 0) ? 'higherIsBetter' : 'lowerIsBetter')}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${best === null ? nothing : html`<p class="aside note">${text('bestEpoch', best.epoch)}</p>`}
  `;
}
