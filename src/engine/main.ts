/** Entry of the engine's process: the services behind the parent's channel, nothing else. */
import { join } from 'node:path';
import { createServices } from './localServices';
import { serveParent } from './serveParent';

serveParent(createServices({ replicaScript: join(__dirname, 'replica.cjs') }));
