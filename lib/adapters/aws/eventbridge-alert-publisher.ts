import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ALERT_EVENT, alertLine } from '../../model/alert-event';
import type { AlertPublisher } from '../../ports/alert-publisher';
import { AwsServiceError, callService } from './aws-service-error';

/** Of single entries: the call itself has succeeded. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const PASSING = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

/**
 * Puts alerts on the account's default event bus, where a rule of the deployment takes them to its topic, and anybody
 * else's rule wherever they want.
 *
 * @example createEventBridgeAlertPublisher({ client: new EventBridgeClient(), instance: 'headrace' })
 */
export function createEventBridgeAlertPublisher({
  client,
  instance,
}: {
  readonly client: EventBridgeClient;
  readonly instance: string;
}): AlertPublisher {
  return {
    async publish({ id, subject, text, alert }) {
      const about = { service: 'EventBridge', operation: 'PutEvents', subject: `alert '${id}'` };
      const { Entries } = await callService(about, () =>
        client.send(
          new PutEventsCommand({
            Entries: [
              {
                Source: ALERT_EVENT.source,
                DetailType: ALERT_EVENT.detailType,
                Time: new Date(alert.at),
                Detail: JSON.stringify({
                  instance,
                  id,
                  subject,
                  text,
                  [ALERT_EVENT.line]: alertLine(text),
                  ...alert,
                }),
              },
            ],
          }),
        ),
      );
      const code = Entries?.[0]?.ErrorCode;
      if (code === undefined) return;
      const reason = Entries?.[0]?.ErrorMessage ?? 'no reason was given';
      throw new AwsServiceError(PASSING.has(code) ? 'transient' : 'permanent', { ...about, code, reason });
    },
  };
}
