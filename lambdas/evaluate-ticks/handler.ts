/** What EventBridge rules call: evaluates schedules and sensors that are due, repairs what was lost. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { answerWakeUp } from '../../lib/adapters/aws/eventbridge-wake-up';
import { isWakeUpNow } from '../../lib/adapters/aws/invoke-wake-up';
import { queueAge } from '../../lib/engine/queue-age';
import { reconcileScheduler } from '../../lib/engine/reconcile-scheduler';
import { wakeUp } from '../../lib/engine/wake-up';
import { METRIC } from '../../lib/model/control-plane-metrics';

const { instance, scheduler, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, async (event: unknown) => {
  const handlers = {
    evaluate: () => wakeUp(instance, settings),
    reconcile: () => reconcileScheduler(instance, settings),
  };
  const { isEvaluated, errors } = await answerWakeUp(
    scheduler,
    instance.clock.now(),
    handlers,
    isWakeUpNow(event),
  );
  for (const error of errors) log.error('A wake-up went wrong; a later one tries again', error);
  // Asked only while the database is awake anyway.
  if (isEvaluated) log.measure(METRIC.queueAge, await queueAge(instance, settings));
  return { isEvaluated, errors: errors.length };
});
