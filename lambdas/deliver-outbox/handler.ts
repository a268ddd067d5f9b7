/** Does what committed changes owe: starts executions, stops attempts. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { afterCommit } from '../../lib/engine/after-commit';

const { instance, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, (_event: unknown) => afterCommit(instance, settings));
