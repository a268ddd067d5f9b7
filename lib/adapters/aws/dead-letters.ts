import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { toAwsServiceError } from './aws-service-error';

/** An event that nobody could handle. */
export interface DeadLetter {
  readonly id: string;
  /** Epoch ms. */
  readonly sentAt: number;
  /** The event itself, as it was sent. */
  readonly body: string;
  /** Why it failed, as far as AWS says. */
  readonly error: string;
  /** ARN of the function it was for; null = somebody put it into the queue by hand. */
  readonly target: string | null;
  /** The rule it came from; null = from none. */
  readonly rule: string | null;
  readonly receipt: string;
}

/** The queue of events that failed for good. Every method throws `AwsServiceError`. */
export interface DeadLetters {
  /** Up to `limit` of them, hidden from other readers until `release`, or for a minute. */
  take(limit: number): Promise<readonly DeadLetter[]>;
  /** Shows letters to other readers again. */
  release(letters: readonly DeadLetter[]): Promise<void>;
  /** Sends an event to a function again, without waiting for it, and removes it from the queue. */
  replay(letter: DeadLetter, target: string): Promise<void>;
  close(): void;
}

/** What SQS gives in one call, at most. */
const PAGE = 10;
const HIDDEN_SECONDS = 60;

export function createDeadLetters({
  region,
  queueUrl,
}: {
  readonly region: string;
  readonly queueUrl: string;
}): DeadLetters {
  const sqs = new SQSClient({ region });
  const lambda = new LambdaClient({ region });
  const attempt = async <T>(operation: string, call: () => Promise<T>, subject = queueUrl): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      const service = subject === queueUrl ? 'SQS' : 'Lambda';
      throw toAwsServiceError({ service, operation, subject }, error);
    }
  };
  return {
    async take(limit) {
      const letters = new Map<string, DeadLetter>();
      while (letters.size < limit) {
        const command = new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(PAGE, limit - letters.size),
          VisibilityTimeout: HIDDEN_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
          // Long polling asks all of the queue's servers, or a nearly empty queue looks empty.
          WaitTimeSeconds: 1,
        });
        const { Messages = [] } = await attempt('ReceiveMessage', () => sqs.send(command));
        if (Messages.length === 0) break;
        for (const message of Messages) letters.set(message.MessageId ?? '', toDeadLetter(message));
      }
      return [...letters.values()];
    },
    async release(letters) {
      for (const { receipt } of letters) {
        const command = new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        });
        await attempt('ChangeMessageVisibility', () => sqs.send(command));
      }
    },
    async replay({ body, receipt }, target) {
      const invoke = new InvokeCommand({
        FunctionName: target,
        InvocationType: 'Event',
        Payload: new TextEncoder().encode(body),
      });
      await attempt('Invoke', () => lambda.send(invoke), target);
      // After the event is taken: a crash in between replays it twice, which every function bears.
      const remove = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt });
      await attempt('DeleteMessage', () => sqs.send(remove));
    },
    close() {
      sqs.destroy();
      lambda.destroy();
    },
  };
}

/**
 * What Lambda sends to a destination when it gives an event up.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
interface InvocationRecord {
  readonly requestContext: {
    /** With the version that was to run, mostly `:$LATEST`. */
    readonly functionArn: string;
    /** `RetriesExhausted` or `EventAgeExceeded`. */
    readonly condition?: string;
  };
  /** The event. */
  readonly requestPayload: unknown;
  /** What the function threw; absent when it never ran. */
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string } | null;
}

/** EventBridge says what happened in attributes; Lambda wraps the event in a record. */
function toDeadLetter({
  MessageId,
  Body = '',
  Attributes,
  MessageAttributes,
  ReceiptHandle,
}: Message): DeadLetter {
  const attribute = (name: string): string | null => MessageAttributes?.[name]?.StringValue ?? null;
  const common = {
    id: MessageId ?? '',
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
    rule: attribute('RULE_ARN'),
    receipt: ReceiptHandle ?? '',
  };
  const record = parseRecord(Body);
  if (record !== undefined) {
    const { requestContext, requestPayload, responsePayload } = record;
    return {
      ...common,
      body: JSON.stringify(requestPayload),
      error: inWords(requestContext.condition, responsePayload?.errorType, responsePayload?.errorMessage),
      target: requestContext.functionArn.replace(/:\$LATEST$/, ''),
    };
  }
  return {
    ...common,
    body: Body,
    error: inWords(attribute('ERROR_CODE'), attribute('ERROR_MESSAGE')),
    target: attribute('TARGET_ARN'),
  };
}

const inWords = (...parts: readonly (string | null | undefined)[]): string =>
  parts.filter((part) => part != null && part !== '').join(': ') || 'AWS does not say why';

/** Undefined: an event that was sent here as it is. */
function parseRecord(body: string): InvocationRecord | undefined {
  try {
    const record = JSON.parse(body) as Partial<InvocationRecord> | null;
    const isRecord = typeof record?.requestContext?.functionArn === 'string' && 'requestPayload' in record;
    return isRecord ? (record as InvocationRecord) : undefined;
  } catch {
    return undefined;
  }
}
