import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What ECS's agent on a server calls, by whether the call names the cluster it is about. */
const AGENT_ACTIONS = {
  ofCluster: [
    'ecs:DeregisterContainerInstance',
    'ecs:RegisterContainerInstance',
    'ecs:SubmitAttachmentStateChanges',
  ],
  ofInstance: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
  ofNothing: ['ecs:DiscoverPollEndpoint'],
};

/**
 * Lets servers of one's own join the cluster (ECS Anywhere): the role that Systems Manager gives to a server which
 * was registered with an activation of it. Tasks have roles of their own, and log by their execution roles. Actions:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export class ExternalServers extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { cluster }: { readonly cluster: Cluster }) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new Role(this, 'Role', {
      description: 'Headrace: servers of your own that run tasks (ECS Anywhere)',
      assumedBy: new ServicePrincipal('ssm.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    const { clusterArn, clusterName } = cluster;
    const instances = stack.formatArn({
      service: 'ecs',
      resource: 'container-instance',
      resourceName: `${clusterName}/*`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [...AGENT_ACTIONS.ofCluster, 'ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange'],
        resources: [clusterArn],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: AGENT_ACTIONS.ofInstance,
        resources: [instances],
        conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
      }),
    );
    // The endpoint to poll is asked for before there is anything to name.
    this.role.addToPolicy(new PolicyStatement({ actions: AGENT_ACTIONS.ofNothing, resources: ['*'] }));
    new CfnOutput(stack, 'ExternalServerRole', {
      value: this.role.roleName,
      description: 'For an activation of Systems Manager: servers of your own',
    });
    new CfnOutput(stack, 'WorkersCluster', { value: clusterName });
  }
}
