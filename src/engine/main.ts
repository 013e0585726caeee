/** Entry of the engine's process: the services behind the parent's channel, nothing else. */
import { createServices } from './localServices';
import { serveParent } from './serveParent';

serveParent(createServices());
