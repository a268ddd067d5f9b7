import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type CfnSubnet,
  type CfnVPC,
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface NetworkProps {
  /** A VPC of your own, with isolated or private subnets for the database. Default: a new one. */
  readonly vpc?: IVpc | undefined;
  /**
   * NAT gateways, $0.045 an hour each (VPC prices, us-east-1). Default 0: tasks get public addresses, and nothing may
   * call in. Some can be had later; back to 0 it goes by a new deployment only.
   */
  readonly natGateways?: number | undefined;
}

/**
 * Where tasks and the database run. Without NAT gateways tasks are in public subnets with an address of their own
 * and a security group that lets nothing in; the database is in subnets without a way out.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  /** Of worker tasks: everything out, nothing in. */
  readonly taskSecurityGroup: SecurityGroup;
  /** Tasks without NAT need an address of their own to reach AWS and the outside. */
  readonly assignPublicIp: boolean;
  readonly taskSubnetIds: readonly string[];
  readonly databaseSubnetType: SubnetType;

  constructor(
    scope: Construct,
    id: string,
    { vpc, natGateways = 0, removalPolicy }: NetworkProps & { readonly removalPolicy: RemovalPolicy },
  ) {
    super(scope, id);
    // The library's classes fit their own interfaces only without exactOptionalPropertyTypes.
    this.vpc = vpc ?? (createVpc(this, natGateways, removalPolicy) as IVpc);
    this.assignPublicIp = vpc === undefined ? natGateways === 0 : vpc.privateSubnets.length === 0;
    this.taskSubnetIds = this.vpc.selectSubnets({
      subnetType: this.assignPublicIp ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS,
    }).subnetIds;
    this.databaseSubnetType =
      this.vpc.isolatedSubnets.length > 0 ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS;
    this.taskSecurityGroup = new SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: this.vpc,
      description: 'Headrace workers: no way in',
      allowAllOutbound: false,
    });
    this.taskSecurityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'APIs, Snowflake, AWS');
    this.taskSecurityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(80), 'APIs without TLS');
  }
}

function createVpc(scope: Construct, natGateways: number, removalPolicy: RemovalPolicy): Vpc {
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways,
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      // Their addresses are kept free: a subnet that moved, with the database in it, could not be deployed.
      { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, reserved: natGateways === 0 },
      { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
    // Free of charge, and keeps bundles and logs off the NAT.
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
  });
  // Exported also when tasks leave them for private ones: until they have, nobody may take the export away.
  for (const { subnetId } of vpc.publicSubnets) Stack.of(scope).exportValue(subnetId);
  // A database that stays keeps the subnets that it is in from going.
  for (const kept of [vpc, ...vpc.isolatedSubnets]) {
    (kept.node.defaultChild as CfnVPC | CfnSubnet).applyRemovalPolicy(removalPolicy);
  }
  return vpc;
}
