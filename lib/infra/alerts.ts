import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ALERT_EVENT } from '../model/alert-event';
import { METRIC, METRIC_NAMESPACE } from '../model/control-plane-metrics';

export interface AlertsProps {
  readonly instance: string;
  readonly encryptionKey: IKey;
  /** Whom to tell. More can subscribe to the topic. */
  readonly emails?: readonly string[] | undefined;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly deadLetterQueues: Readonly<Record<string, IQueue>>;
  readonly stateMachine: StateMachine;
  /** Functions that run the engine, which tells of failed runs and missed ticks itself. */
  readonly publishers: readonly LambdaFunction[];
  /** Where alerts go that could not be delivered. */
  readonly undelivered: IQueue;
}

/**
 * Alarms that page a person, each with a page of docs/operations.md, the topic they go to, which the engine's own alerts
 * go to as well, and a dashboard.
 */
export class Alerts extends Construct {
  readonly topic: ITopic;
  readonly #instance: string;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    this.#instance = props.instance;
    const topic = new Topic(this, 'Topic', {
      displayName: `Headrace ${props.instance}`,
      masterKey: props.encryptionKey,
      enforceSSL: true,
    });
    letAlarmsPublish(topic, props.encryptionKey);
    this.forward(props, topic);
    for (const email of props.emails ?? []) topic.addSubscription(new EmailSubscription(email));
    this.topic = topic as ITopic;
    const own = (metricName: string, statistic: string): Metric =>
      new Metric({
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensionsMap: { instance: props.instance },
        statistic,
        period: Duration.minutes(1),
      });
    const queueAge = own(METRIC.queueAge, 'Maximum');
    const tickLag = own(METRIC.tickLag, 'Maximum');
    this.alarm('StuckQueue', 'Runs that could run have waited for over 10 minutes', queueAge, 600, 5);
    this.alarm('LateTicks', 'A schedule or sensor was evaluated over 2 minutes late', tickLag, 120, 1);
    for (const [name, queue] of Object.entries(props.deadLetterQueues)) {
      const messages = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) });
      this.alarm(`${name}DeadLetters`, `${name}: an event failed for good`, messages, 0, 1);
    }
    for (const [name, fn] of Object.entries(props.functions)) {
      const errors = fn.metricErrors({ period: Duration.minutes(5) });
      this.alarm(`${name}Errors`, `${name} fails`, errors, 2, 3);
    }
    const failed = props.stateMachine.metricFailed({ period: Duration.minutes(5) });
    this.alarm('CoordinatorFailures', 'An execution failed before its run was settled', failed, 0, 1);
    this.dashboard(props, [queueAge, tickLag, own(METRIC.claimTime, 'p95')]);
  }

  /** The engine's alerts come by the default bus, so that rules of the account's own can take them elsewhere too. */
  private forward({ instance, publishers, undelivered }: AlertsProps, topic: ITopic): void {
    new Rule(this, 'EngineAlerts', {
      description: 'Headrace: takes alerts to their topic',
      eventPattern: {
        source: [ALERT_EVENT.source],
        detailType: [ALERT_EVENT.detailType],
        detail: { instance: [instance] },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            `Headrace ${instance}: ${EventField.fromPath(`$.detail.${ALERT_EVENT.line}`)}`,
          ),
          deadLetterQueue: undelivered,
        }),
      ],
    });
    const bus = Stack.of(this).formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: 'default',
    });
    for (const publisher of publishers) {
      publisher.addToRolePolicy(
        new PolicyStatement({
          actions: ['events:PutEvents'],
          resources: [bus],
          conditions: { StringEquals: { 'events:source': ALERT_EVENT.source } },
        }),
      );
    }
  }

  private alarm(id: string, description: string, metric: IMetric, threshold: number, periods: number): void {
    const alarm = new Alarm(this, id, {
      alarmName: `${this.#instance}-${id}`,
      alarmDescription: `${description}. What to do: ${id} in docs/operations.md.`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // An idle instance measures nothing, and that is well.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private dashboard({ instance, functions, stateMachine }: AlertsProps, own: readonly IMetric[]): void {
    const all = Object.values(functions);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `Headrace-${instance}`,
      widgets: [
        own.map((metric) => new GraphWidget({ left: [metric], width: 8 })),
        [
          new GraphWidget({
            title: 'Runs',
            left: [stateMachine.metricStarted(), stateMachine.metricSucceeded(), stateMachine.metricFailed()],
            width: 8,
          }),
          new GraphWidget({ title: 'Errors', left: all.map((fn) => fn.metricErrors()), width: 8 }),
          new GraphWidget({
            title: 'Duration, p95',
            left: all.map((fn) => fn.metricDuration({ statistic: 'p95' })),
            width: 8,
          }),
        ],
      ],
    });
  }
}

/**
 * A topic with a policy of its own, here the one that asks for TLS, has lost the default one, which lets alarms of the
 * account in; and a topic with a key of its own is open to those who may use the key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
function letAlarmsPublish(topic: Topic, key: IKey): void {
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
  const rules = new ServicePrincipal('events.amazonaws.com');
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [alarms],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    }),
  );
  for (const principal of [alarms, rules]) {
    key.addToResourcePolicy(
      // Within a key's own policy, `*` is that key.
      new PolicyStatement({
        principals: [principal],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
  }
}
