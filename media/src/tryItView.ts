/** The classification box: a text, its classes as bars, and the words that decided it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelPrediction } from '../../src/panelMessages';
import { inlineStyle } from './inlineStyle';
import { formatScore } from './numbers';
import type { PanelModel } from './panelModel';
import { shadeWords, type ShadedPiece } from './shadeWords';
import { tellHost } from './host';
import { button, textArea } from './toolkit';
import { text } from './texts';

/** Milliseconds without a key before the text is classified. */
const pause = 60;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** The box. */
export function tryItView(model: PanelModel): TemplateResult {
  return html`
    <section class="try-it" aria-labelledby="try-it">
      <div class="section-head">
        <h2 id="try-it">${text('tryIt')}</h2>
        ${model.modelName === null ? nothing : html`<span class="aside">${text('tryItModel', model.modelName)}</span>`}
      </div>
      ${model.modelName === null ? withoutModel(model) : box(model)}
    </section>
  `;
}

function withoutModel(model: PanelModel): TemplateResult {
  const run = [model.selected, ...model.runs].find((candidate) => candidate?.hasModel);
  return html`
    <div class="row">
      <p>${text('noModel')}</p>
      ${
        run === undefined
          ? nothing
          : button({
              label: text('useModelOf', run.name),
              kind: 'secondary',
              onClick: () => {
                tellHost({ type: 'useModel', run: run.id });
              },
            })
      }
    </div>
  `;
}

function box(model: PanelModel): TemplateResult {
  const { prediction, predictionProblem } = model;
  return html`
    <div class="try-it-grid">
      ${textArea({
        label: text('tryIt'),
        placeholder: text('tryItHint'),
        value: model.state.tried,
        onInput: (tried) => {
          model.set({ tried });
          clearTimeout(waiting);
          waiting = setTimeout(() => {
            model.classify(tried);
          }, pause);
        },
      })}
      <div class="answer" aria-live="polite">
        ${
          predictionProblem !== null
            ? html`<p class="problem">
                <span class="codicon codicon-error" aria-hidden="true"></span> ${predictionProblem}
              </p>`
            : prediction === undefined
              ? html`<p class="aside">${text('tryItEmpty')}</p>`
              : html`${bars(prediction.prediction)}${words(prediction.text, prediction.prediction)}`
        }
      </div>
    </div>
  `;
}

function bars({ classes }: PanelPrediction): TemplateResult {
  return html`
    <ol class="bars">
      ${classes.map(
        ({ label, probability }, index) => html`
          <li data-first=${index === 0}>
            <span class="bar-label" title=${label}>${label}</span>
            <span class="bar" aria-hidden="true"><i ${inlineStyle({ width: `${probability * 100}%` })}></i></span>
            <span class="bar-value">${formatScore(probability)}</span>
          </li>
        `,
      )}
    </ol>
  `;
}

function words(tried: string, { tokens, label }: PanelPrediction): TemplateResult | typeof nothing {
  if (tokens === undefined) return nothing;
  // The paragraph keeps the text's own white space, so it may hold none of the template's.
  return html`<p class="words">${shadeWords(tried, tokens).map((piece) => word(piece, label))}</p>`;
}

function word({ text: piece, strength, direction, isKnown, isStrongest }: ShadedPiece, label: string): unknown {
  if (direction === 'none') return piece;
  const meaning = text(direction === 'for' ? 'wordsFor' : 'wordsAgainst', label);
  const title = isKnown ? meaning : `${meaning} · ${text('unknownWord')}`;
  const shade = inlineStyle({ '--strength': `${Math.round(strength * 100)}%` });
  const kind = `word word-${direction}${isStrongest ? ' word-strongest' : ''}${isKnown ? '' : ' word-unknown'}`;
  return html`<span class=${kind} title=${title} ${shade}>${piece}</span>`;
}
