/** A process with an engine at work, to be killed by a test; prints the engine's process id when the work has begun. */
import { fileURLToPath } from 'node:url';
import { EngineClient } from '../../../src/engine/client';

const client = new EngineClient({
  script: fileURLToPath(new URL('./fakeEngine.ts', import.meta.url)),
  execArgv: ['--import', 'tsx'],
  log: () => undefined,
});
await client.train({ experiment: 'endless' }, (event) => {
  if (event.type === 'run') {
    console.log(client.pid);
  }
});
