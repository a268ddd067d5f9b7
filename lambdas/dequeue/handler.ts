/** Claims queued runs and starts them; for whoever changed what they wait for and does not wait itself. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { afterCommit } from '../../lib/engine/after-commit';
import { dequeue } from '../../lib/engine/dequeue';

const { instance, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, async (_event: unknown) => {
  const claimed = await dequeue(instance, settings);
  await afterCommit(instance, settings);
  return { claimed };
});
