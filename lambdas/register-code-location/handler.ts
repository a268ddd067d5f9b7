/** Puts pushed code of a location in force, or an earlier version of it. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { registerCodeLocation } from '../../lib/engine/register-code-location';
import { registrationAudit } from '../../lib/engine/registration-audit';
import type { RegisterCodeLocationInput } from '../../lib/model/pushed-code-location';

const { instance, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, async (input: RegisterCodeLocationInput, { awsRequestId }) => {
  const reply = await registerCodeLocation(instance, settings, input);
  const at = { timestamp: instance.clock.now(), requestId: awsRequestId };
  // What was done stands, and is answered.
  await instance.storage
    .appendAudit(registrationAudit(input, reply, at))
    .catch((error: unknown) => log.error('The audit log did not take a push', error));
  return reply;
});
