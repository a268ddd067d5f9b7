/** Takes what comes from elsewhere: webhooks, messages of the queue, created objects, ended ECS tasks. */

import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { type PushedEvent, type QueueMessage, receiveEvent } from '../../lib/adapters/aws/pushed-event';
import { parseMessage } from '../../lib/adapters/aws/queue-message';
import { createRestApi } from '../../lib/api/create-rest-api';
import { serveGateway } from '../../lib/api/gateway/serve-gateway';
import { triggerByMessage } from '../../lib/api/trigger-by-message';
import { afterCommit } from '../../lib/engine/after-commit';
import { receiveObject } from '../../lib/engine/receive-object';
import { receiveSensorEvent } from '../../lib/engine/receive-sensor-event';
import { sweep } from '../../lib/engine/sweep';
import packageJson from '../../package.json' with { type: 'json' };

const { instance, settings, log } = openAwsFunction(import.meta.dirname);
const options = { version: packageJson.version, engine: settings };
const onError = (error: unknown): void => log.error('A request failed', error);
const serve = serveGateway((authorize) => createRestApi({ instance, options, authorize, onError }), instance);

async function message(received: QueueMessage): Promise<void> {
  try {
    const parsed = parseMessage(received);
    if (parsed.kind === 'run') await triggerByMessage({ instance, options, onError }, received);
    else if (parsed.kind === 'object') await receiveObject(instance, parsed.object, parsed.version);
    else await receiveSensorEvent(instance, parsed);
  } catch (error) {
    // It comes again, and ends as a dead letter.
    log.error(`Message ${received.messageId} is not taken`, error);
    throw error;
  }
}

export const handler = handlerOf(log, (event: PushedEvent) =>
  receiveEvent(event, {
    request: serve,
    message,
    async taskStopped() {
      for (const error of await sweep(instance, settings))
        log.error('A repair failed; a later one tries again', error);
      await afterCommit(instance, settings);
    },
  }),
);
