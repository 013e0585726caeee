/** A menu that opens below a button and closes by a choice, by Escape or by a click elsewhere. */
import { html, render } from 'lit';

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly onChoose: () => void;
}

const menu = document.createElement('div');
menu.className = 'menu';
menu.setAttribute('role', 'menu');
menu.setAttribute('popover', 'auto');
menu.addEventListener('keydown', moveFocus);

/** Opens the menu at a button, with the focus on its first line. */
export function openMenu(button: HTMLElement, label: string, items: readonly MenuItem[]): void {
  if (!menu.isConnected) document.body.append(menu);
  menu.setAttribute('aria-label', label);
  render(
    items.map(
      ({ label: line, icon, onChoose }) => html`
        <button
          role="menuitem"
          tabindex="-1"
          @click=${() => {
            menu.hidePopover();
            button.focus();
            onChoose();
          }}
        >
          <span class="codicon codicon-${icon}" aria-hidden="true"></span>${line}
        </button>
      `,
    ),
    menu,
  );
  menu.showPopover();
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const x = right - width >= 8 ? right - width : left;
  const y = bottom + height > window.innerHeight ? Math.max(4, top - height - 2) : bottom + 2;
  menu.style.setProperty('left', `${Math.max(4, Math.min(x, window.innerWidth - width - 4))}px`);
  menu.style.setProperty('top', `${y}px`);
  menu.querySelector('button')?.focus();
}

function moveFocus(event: KeyboardEvent): void {
  const lines = [...menu.querySelectorAll('button')];
  const at = lines.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (event.key === 'Tab') menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  lines.at(to % lines.length)?.focus();
}
