import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface EventQueueProps {
  readonly instance: string;
  readonly receiveEvents: LambdaFunction;
  /** Buckets whose new objects sensors may follow; each must send its events to EventBridge. */
  readonly buckets: readonly string[];
}

/** As long as the function that takes messages may run. */
const RECEIVE_TIMEOUT = Duration.minutes(1);
const MAX_RECEIVE_COUNT = 5;

/**
 * Where events for sensors wait: messages that other programs send to `<instance>-events`, and what S3 says of the
 * buckets. What is not taken five times becomes a dead letter.
 */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { instance, receiveEvents, buckets }: EventQueueProps) {
    super(scope, id);
    // Keys of SQS's own: EventBridge may not use those of the data, which know nothing of this stack.
    const shared = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', shared);
    this.queue = new Queue(this, 'Queue', {
      ...shared,
      queueName: `${instance}-events`,
      // Six times the function's time, as Lambda asks for.
      visibilityTimeout: Duration.seconds(RECEIVE_TIMEOUT.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    receiveEvents.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }),
    );
    if (buckets.length === 0) return;
    new Rule(this, 'ObjectCreated', {
      description: 'Headrace: an object was put into a bucket that sensors may follow',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [...buckets] } },
      },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 3 })],
    });
  }
}
