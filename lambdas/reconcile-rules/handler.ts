/**
 * Makes the EventBridge rules follow what is on. A custom resource of the deployment, so that they go when it goes;
 * invoked without an event of CloudFormation's it reconciles, too.
 */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import type { CustomResourceEvent } from '../../lib/adapters/aws/custom-resource';
import { reconcileScheduler } from '../../lib/engine/reconcile-scheduler';

const { instance, scheduler, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, async (event: Partial<CustomResourceEvent>) => {
  if (event.RequestType === 'Delete') await scheduler.removeAll();
  else await reconcileScheduler(instance, settings);
  return { PhysicalResourceId: event.PhysicalResourceId ?? 'rules' };
});
