/** Takes `POST /api/runs` behind API Gateway; without GraphQL it starts sooner. */

import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { createRestApi } from '../../lib/api/create-rest-api';
import { serveGateway } from '../../lib/api/gateway/serve-gateway';
import packageJson from '../../package.json' with { type: 'json' };

const { instance, settings, log } = openAwsFunction(import.meta.dirname);
const options = { version: packageJson.version, engine: settings };
const onError = (error: unknown): void => log.error('A request failed', error);

export const handler = handlerOf(
  log,
  serveGateway((authorize) => createRestApi({ instance, options, authorize, onError }), instance),
);
