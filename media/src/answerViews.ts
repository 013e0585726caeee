/** The answers of the box "Try it", one view a task: classes as bars, spans in colour, a translation. Asks nothing. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelPrediction, PanelTagged, PanelTranslated } from '../../src/tryItMessages';
import { inlineStyle } from './inlineStyle';
import { formatScore } from './numbers';
import { shadeWords, type ShadedPiece } from './shadeWords';
import { type TaggedPiece, taggedPieces } from './taggedPieces';
import { text } from './texts';

type LegendEntry = PanelTagged['legend'][number];

/** The classes of a text as bars, and the words that decided. */
export function classificationView(tried: string, prediction: PanelPrediction): TemplateResult {
  return html`${bars(prediction)}${words(tried, prediction)}`;
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

/** A text with its spans in the colours of Tag Selection, and the legend of the colours. */
export function taggingView(tried: string, { spans, legend }: PanelTagged): TemplateResult {
  const looks = new Map(legend.map((entry) => [entry.type, entry]));
  return html`<p class="words">${taggedPieces(tried, spans).map((piece) => taggedPiece(piece, looks))}</p>
    ${legend.length === 0 ? html`<p class="aside">${text('noSpans')}</p>` : legendList(legend)}`;
}

function taggedPiece({ text: piece, span }: TaggedPiece, looks: ReadonlyMap<string, LegendEntry>): unknown {
  const look = span === null ? undefined : looks.get(span.type);
  if (span === null || look === undefined) return piece;
  const title = `${span.type} ${formatScore(span.probability)}`;
  return html`<mark class="span" data-dotted=${look.isDotted} title=${title} ${colorOf(look)}
    ><span class="span-text">${piece}</span><small> ${span.type}</small></mark
  >`;
}

function legendList(legend: readonly LegendEntry[]): TemplateResult {
  return html`
    <ul class="legend" aria-label=${text('legend')}>
      ${legend.map(
        (entry) => html`
          <li title=${entry.colorName}>
            <i class="legend-swatch" data-dotted=${entry.isDotted} aria-hidden="true" ${colorOf(entry)}></i>
            <span>${entry.type}</span> <span class="aside">${entry.count}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

function colorOf({ color }: LegendEntry): unknown {
  return inlineStyle({ '--tag': `var(--vscode-sequenceLab-tag${color})` });
}

/** A translation as text; where the model looked stands below the box. */
export function translationView({ translation }: PanelTranslated): TemplateResult {
  return html`<p class="words translation">${translation}</p>`;
}
