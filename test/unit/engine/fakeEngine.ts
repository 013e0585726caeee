/** The engine's process for tests: the real server and channel around the fake services. */
import { serveParent } from '../../../src/engine/serveParent';
import { fakeServices } from './fakeServices';

serveParent(fakeServices);
