/** Takes what comes from elsewhere: ended ECS tasks, messages of a queue that ask for runs, webhooks. */

import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { type PushedEvent, receiveEvent } from '../../lib/adapters/aws/pushed-event';
import { createRestApi } from '../../lib/api/create-rest-api';
import { serveGateway } from '../../lib/api/gateway/serve-gateway';
import { triggerByMessage } from '../../lib/api/trigger-by-message';
import { afterCommit } from '../../lib/engine/after-commit';
import { sweep } from '../../lib/engine/sweep';
import packageJson from '../../package.json' with { type: 'json' };

const { instance, settings, log } = openAwsFunction(import.meta.dirname);
const options = { version: packageJson.version, engine: settings };
const onError = (error: unknown): void => log.error('A request failed', error);
const serve = serveGateway((authorize) => createRestApi({ instance, options, authorize, onError }), instance);

export const handler = handlerOf(log, (event: PushedEvent) =>
  receiveEvent(event, {
    request: serve,
    message: (message) => triggerByMessage({ instance, options, onError }, message),
    async taskStopped() {
      for (const error of await sweep(instance, settings))
        log.error('A repair failed; a later one tries again', error);
      await afterCommit(instance, settings);
    },
  }),
);
