import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface TaskEventsProps {
  readonly cluster: Cluster;
  readonly receiveEvents: IFunction;
  /** Where events go that could not be delivered. */
  readonly deadLetterQueue: IQueue;
}

/** Tells the control plane of every worker's task that stopped, and why: out of memory, image, secret, Spot. */
export class TaskEvents extends Construct {
  constructor(scope: Construct, id: string, { cluster, receiveEvents, deadLetterQueue }: TaskEventsProps) {
    super(scope, id);
    new Rule(this, 'Stopped', {
      description: 'Headrace: a worker stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [new LambdaTarget(receiveEvents, { deadLetterQueue, retryAttempts: 3 })],
    });
  }
}
