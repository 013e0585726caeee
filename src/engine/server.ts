/** Answers a client's requests with the services; knows the connection, not the process that it runs in. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import {
  evaluateRequest,
  evaluationProgress,
  generateRequest,
  generationProgress,
  inspectRequest,
  mistakesRequest,
  predictRequest,
  tagRequest,
  forecastRequest,
  predictSeriesRequest,
  toResponseError,
  trainingProgress,
  trainRequest,
  translateRequest,
} from './messages';
import type { EngineServices } from './services';

/** A server at work on one connection. */
export interface EngineServer {
  /** Aborts all running work and waits until it has settled, at most `grace` milliseconds. New requests are refused. */
  stop(grace: number): Promise<void>;
}

/** Serves requests on `connection` and starts to listen. Trainings run one at a time, everything else meanwhile. */
export function serve(connection: MessageConnection, services: EngineServices): EngineServer {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  let training = false;

  /** Runs one request's work with a signal that aborts on cancellation or stop; its errors become answers. */
  async function answer<R>(token: CancellationToken, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const cancelling = new AbortController();
    const listener = token.onCancellationRequested(() => {
      cancelling.abort();
    });
    if (token.isCancellationRequested) {
      cancelling.abort();
    }
    const signal = AbortSignal.any([cancelling.signal, stopping.signal]);
    try {
      if (stopping.signal.aborted) {
        throw stopping.signal.reason;
      }
      const promise = work(signal);
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    } catch (error) {
      throw toResponseError(error, signal.aborted);
    } finally {
      listener.dispose();
    }
  }

  connection.onRequest(trainRequest, ({ parameters, token: progress }, token) =>
    answer(token, async (signal) => {
      if (training) {
        throw new UserError(
          sentence`A training is running already; stop it or wait for its end before you start another.`,
        );
      }
      training = true;
      try {
        return await services.train(
          parameters,
          (event) => {
            tell(connection.sendProgress(trainingProgress, progress, event));
          },
          signal,
        );
      } finally {
        training = false;
      }
    }),
  );
  connection.onRequest(predictRequest, (parameters, token) =>
    answer(token, (signal) => services.predict(parameters, signal)),
  );
  connection.onRequest(tagRequest, (parameters, token) => answer(token, (signal) => services.tag(parameters, signal)));
  connection.onRequest(generateRequest, ({ parameters, token: progress }, token) =>
    answer(token, (signal) =>
      services.generate(
        parameters,
        (piece) => {
          tell(connection.sendProgress(generationProgress, progress, piece));
        },
        signal,
      ),
    ),
  );
  connection.onRequest(predictSeriesRequest, (parameters, token) =>
    answer(token, (signal) => services.predictSeries(parameters, signal)),
  );
  connection.onRequest(forecastRequest, ({ parameters, token: progress }, token) =>
    answer(token, (signal) =>
      services.forecast(
        parameters,
        (fraction) => {
          tell(connection.sendProgress(evaluationProgress, progress, fraction));
        },
        signal,
      ),
    ),
  );
  connection.onRequest(translateRequest, (parameters, token) =>
    answer(token, (signal) => services.translate(parameters, signal)),
  );
  connection.onRequest(evaluateRequest, ({ parameters, token: progress }, token) =>
    answer(token, (signal) =>
      services.evaluate(
        parameters,
        (fraction) => {
          tell(connection.sendProgress(evaluationProgress, progress, fraction));
        },
        signal,
      ),
    ),
  );
  connection.onRequest(inspectRequest, (parameters, token) => answer(token, () => services.inspect(parameters)));
  connection.onRequest(mistakesRequest, (parameters, token) =>
    answer(token, (signal) => services.mistakes(parameters, signal)),
  );
  connection.listen();

  return {
    async stop(grace) {
      stopping.abort();
      const settled = Promise.allSettled(running);
      await Promise.race([settled, delay(grace, undefined, { ref: false })]);
    },
  };
}

/** Progress that cannot be sent has lost its listener: the channel's end stops the work, so the failure says nothing new. */
function tell(sent: Promise<void>): void {
  sent.catch(() => undefined);
}
