import { PortError } from '../../ports/errors';

/** A message of an SQS queue, as Lambda hands it on. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  /** ARN of the queue. */
  readonly eventSourceARN: string;
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string } | undefined>>;
}

interface QueueEvent {
  readonly Records: readonly ({ readonly eventSource: string } & QueueMessage)[];
}

/** An event of EventBridge. */
interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What the function that receives events may be invoked with. */
export type PushedEvent<Request = unknown> = QueueEvent | BusEvent | (Request & { readonly rawPath: string });

/** Messages that are to come again, by their ids. */
export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface PushedEventHandlers<Request, Answer> {
  /** A webhook, by way of API Gateway. */
  request(request: Request): Promise<Answer>;
  message(message: QueueMessage): Promise<unknown>;
  /** A worker's task has stopped. */
  taskStopped(): Promise<void>;
}

/**
 * Tells events apart by their form, and hands each to its handler.
 *
 * @throws {PortError} permanent: an event of a kind that nothing handles; it goes to the dead letters
 */
export async function receiveEvent<Request, Answer>(
  event: PushedEvent<Request>,
  handlers: PushedEventHandlers<Request, Answer>,
): Promise<Answer | QueueAnswer | undefined> {
  if ('rawPath' in event) return handlers.request(event as Request);
  if ('Records' in event && event.Records.every(({ eventSource }) => eventSource === 'aws:sqs')) {
    const outcomes = await Promise.allSettled(event.Records.map((record) => handlers.message(record)));
    return {
      batchItemFailures: event.Records.flatMap(({ messageId }, index) =>
        outcomes[index]?.status === 'rejected' ? [{ itemIdentifier: messageId }] : [],
      ),
    };
  }
  if ('detail-type' in event && event['detail-type'] === 'ECS Task State Change') {
    if (event.detail['lastStatus'] === 'STOPPED') await handlers.taskStopped();
    return undefined;
  }
  throw new PortError('permanent', `Nothing handles an event like ${JSON.stringify(event).slice(0, 500)}`);
}
