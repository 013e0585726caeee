/** The editor's theme, read from the variables that it gives to the page. */
import { chartColors, type ThemeColors } from './runColors';

/** Reads the theme's colours as they are now. */
export function readTheme(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, fallback: string) => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = read('foreground', '#808080');
  return {
    charts: chartColors.map((name) => read(`charts-${name}`, foreground)),
    foreground,
    muted: read('descriptionForeground', foreground),
    grid: read('contrastBorder', read('charts-lines', read('editorWidget-border', foreground))),
    background: read('editor-background', '#000000'),
    font: `11px ${read('font-family', 'sans-serif')}`,
  };
}

/** Calls `changed` when the editor changes its theme. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
