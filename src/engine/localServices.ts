/** The services of this process, put together from training and inference; knows no connection. */
import type { EngineServices } from './services';

/** Creates the services that run in this process. */
export function createServices(): EngineServices {
  return {
    train: () => Promise.reject(new Error('The training service is not part of this build.')),
    predict: () => Promise.reject(new Error('The prediction service is not part of this build.')),
    evaluate: () => Promise.reject(new Error('The evaluation service is not part of this build.')),
    inspect: () => Promise.reject(new Error('The inspection service is not part of this build.')),
  };
}
