import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ruleNamePrefix } from '../model/event-bus-rules';
import { type ControlPlaneFunction, controlPlaneFunctionName } from './control-plane-function';
import { customResourceProvider } from './custom-resource-provider';

export interface WakeUpsProps {
  readonly instance: string;
  /** What the rules call. */
  readonly evaluateTicks: LambdaFunction;
  /** Removes the rules when the stack is deleted: they are made at run time, so CloudFormation knows none of them. */
  readonly reconcileRules: ControlPlaneFunction;
  /** Rules at most; an account has 300 on its default bus, 100 in some regions. */
  readonly maxRules: number;
}

/**
 * The right to set alarms: EventBridge rules, named after the instance, which follow the schedules and sensors that
 * are on. No rule is declared here; the reconciler makes and removes them at run time.
 */
export class WakeUps extends Construct {
  readonly #ruleArns: string;
  readonly #props: WakeUpsProps;

  constructor(scope: Construct, id: string, props: WakeUpsProps) {
    super(scope, id);
    this.#props = props;
    this.#ruleArns = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${ruleNamePrefix(props.instance)}*`,
    });
    props.evaluateTicks.addPermission('Rules', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceArn: this.#ruleArns,
    });
    this.grantReconcile(props.reconcileRules);
    const provider = customResourceProvider(this, props.reconcileRules.function);
    new CustomResource(this, 'Rules', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::HeadraceRules',
      serviceTimeout: Duration.minutes(5),
      properties: { maxRules: String(props.maxRules) },
    });
  }

  /** Lets a function make, change and remove the instance's rules, and tells it what they are to call. */
  grantReconcile(target: ControlPlaneFunction): void {
    target.addEnvironment({
      // By name: the function that the rules call sets alarms itself.
      HEADRACE_WAKE_UP_ARN: Stack.of(this).formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: controlPlaneFunctionName(this.#props.instance, 'evaluate-ticks'),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      HEADRACE_MAX_RULES: this.#props.maxRules,
    });
    target.function.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'events:PutRule',
          'events:DeleteRule',
          'events:DescribeRule',
          'events:PutTargets',
          'events:RemoveTargets',
          'events:ListTargetsByRule',
          'events:EnableRule',
          'events:DisableRule',
        ],
        resources: [this.#ruleArns],
      }),
    );
    target.function.addToRolePolicy(
      // Listing takes no resource: that refusals speak of `rule/*` is no promise.
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
      new PolicyStatement({ actions: ['events:ListRules'], resources: ['*'] }),
    );
  }
}
