/** Styles that depend on data, set through the CSSOM: the page's policy forbids style attributes. */
import {
  Directive,
  directive,
  type DirectiveResult,
  type ElementPart,
  type PartInfo,
  PartType,
} from 'lit/directive.js';
import { nothing } from 'lit';

class InlineStyle extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('inlineStyle belongs on an element, not in an attribute.');
  }

  render(properties: Readonly<Record<string, string>>): unknown {
    return properties;
  }

  override update(part: ElementPart, [properties]: [Readonly<Record<string, string>>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return nothing;
  }
}

/** Sets CSS properties of the element that it stands on: `<i ${inlineStyle({ width: '50%' })}>`. */
export const inlineStyle: (properties: Readonly<Record<string, string>>) => DirectiveResult = directive(InlineStyle);
