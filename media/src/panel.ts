/** The training panel's page: draws the view that the host sends; keeps no state of its own. */
import { render } from 'lit';
import { emptyView } from './emptyView';
import { listenToHost, tellHost } from './host';
import { registerControls } from './toolkit';

const main = document.querySelector('main')!;
registerControls();
listenToHost(({ view }) => {
  render(emptyView(view), main);
});
tellHost({ type: 'ready' });
