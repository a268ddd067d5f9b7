import type { Statement } from './evaluate-policy';

type Json = unknown;
type Properties = Readonly<Record<string, Json>>;
interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}
/** A CloudFormation template. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>
  >;
}

/** Who does something: a function, a task, a state machine, or CloudFormation's helper. */
export interface DeployedRole {
  /** Logical id of the role. */
  readonly id: string;
  /** Logical ids and types of what runs under it. */
  readonly usedBy: readonly {
    readonly id: string;
    readonly type: string;
    readonly name: string | undefined;
  }[];
  readonly statements: readonly Statement[];
  /** ARNs of policies that are not in the templates. */
  readonly managedPolicies: readonly string[];
}

export interface Deployed {
  readonly roles: readonly DeployedRole[];
  /** Policies that people attach to roles of their own, by their logical ids. */
  readonly offered: readonly { readonly id: string; readonly statements: readonly Statement[] }[];
  /** Statements of resources' own policies: who but roles of the stack is let in. */
  readonly resourcePolicies: readonly { readonly id: string; readonly statements: readonly Properties[] }[];
  /** ARN of the one resource whose logical id matches. */
  arnOf(id: RegExp): string;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
};
const HERE = 'eu-central-1:111122223333';

/** What `Arn` and `Ref` of a type are; of other types, its logical id. */
const ARN: Readonly<Record<string, (id: string, properties: Properties) => string>> = {
  'AWS::Lambda::Function': (id, { FunctionName }) => `arn:aws:lambda:${HERE}:function:${FunctionName ?? id}`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
  'AWS::SecretsManager::Secret': (id) => `arn:aws:secretsmanager:${HERE}:secret:${id}-AbCdEf`,
  'AWS::KMS::Key': (id) => `arn:aws:kms:${HERE}:key/${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${HERE}:${id}`,
  'AWS::ECS::Cluster': (id) => `arn:aws:ecs:${HERE}:cluster/${id}`,
  'AWS::ECS::TaskDefinition': (id) => `arn:aws:ecs:${HERE}:task-definition/${id}:1`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::111122223333:role/${id}`,
  'AWS::Logs::LogGroup': (id) => `arn:aws:logs:${HERE}:log-group:${id}:*`,
  'AWS::RDS::DBCluster': (id) => `arn:aws:rds:${HERE}:cluster:${id}`,
  'AWS::StepFunctions::StateMachine': (id, { StateMachineName }) =>
    `arn:aws:states:${HERE}:stateMachine:${StateMachineName ?? id}`,
  'AWS::ApiGatewayV2::Api': (id) => `arn:aws:execute-api:${HERE}:${id}`,
};
/** Types whose `Ref` is the ARN. */
const REF_IS_ARN = new Set([
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::ECS::TaskDefinition',
  'AWS::StepFunctions::StateMachine',
]);
/** Types of what runs, and where they name their role. */
const ROLE_OF: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Function': ['Role'],
  'AWS::ECS::TaskDefinition': ['TaskRoleArn', 'ExecutionRoleArn'],
  'AWS::StepFunctions::StateMachine': ['RoleArn'],
};

/** Reads who may do what from the templates of a deployment, with ARNs made up for what CloudFormation will make. */
export function readDeployed(templates: readonly StackTemplate[]): Deployed {
  const resources = new Map(templates.flatMap(({ Resources }) => Object.entries(Resources)));
  const exports = new Map(
    templates.flatMap(({ Outputs = {} }) =>
      Object.values(Outputs).flatMap(({ Value, Export }) =>
        Export === undefined ? [] : [[String(Export.Name), Value] as const],
      ),
    ),
  );

  function reference(id: string, wantsArn: boolean): string {
    const { Type, Properties = {} } = resources.get(id) ?? { Type: '' };
    if (Type === 'AWS::SecretsManager::SecretTargetAttachment')
      return resolve(Properties['SecretId']) as string;
    return wantsArn || REF_IS_ARN.has(Type) ? (ARN[Type]?.(id, Properties) ?? id) : id;
  }

  /** A value with the functions of CloudFormation worked out. */
  function resolve(value: Json): Json {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::ImportValue': name } = value as Properties;
    if (typeof Ref === 'string') return PSEUDO[Ref] ?? reference(Ref, false);
    if (Array.isArray(attribute)) return reference(String(attribute[0]), attribute[1] === 'Arn');
    if (Array.isArray(join)) return (resolve(join[1]) as unknown[]).map(String).join(String(join[0]));
    if (typeof name === 'string') {
      if (!exports.has(name)) throw new Error(`No template exports ${name}.`);
      return resolve(exports.get(name));
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
  }

  const of = (type: RegExp) => [...resources].filter(([, { Type }]) => type.test(Type));
  const policies = of(/^AWS::IAM::(Policy|ManagedPolicy)$/).map(([id, { Properties = {} }]) => ({
    id,
    roles: ((Properties['Roles'] ?? []) as Json[]).map((role) => String(resolve(role))),
    statements: (resolve(Properties['PolicyDocument']) as { Statement: Statement[] }).Statement,
  }));
  const users = Object.entries(ROLE_OF).flatMap(([type, names]) =>
    of(new RegExp(`^${type}$`)).flatMap(([id, { Properties = {} }]) =>
      names.map((name) => ({
        id,
        type: name === 'ExecutionRoleArn' ? `${type} (starting)` : type,
        name: Properties['FunctionName'] as string | undefined,
        role: resolve(Properties[name]),
      })),
    ),
  );
  return {
    roles: of(/^AWS::IAM::Role$/).map(([id, { Properties = {} }]) => ({
      id,
      usedBy: users
        .filter(({ role }) => role === reference(id, true))
        .map(({ id: user, type, name }) => ({ id: user, type, name })),
      statements: [
        ...policies.filter(({ roles }) => roles.includes(id)).flatMap(({ statements }) => statements),
        ...(
          resolve(Properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[]
        ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
      ],
      managedPolicies: (resolve(Properties['ManagedPolicyArns'] ?? []) as Json[]).map(String),
    })),
    offered: policies.filter(({ roles }) => roles.length === 0),
    resourcePolicies: [...resources].flatMap(([id, { Type, Properties = {} }]) => {
      if (/^AWS::IAM::/.test(Type)) return [];
      const policy = Properties['PolicyDocument'] ?? Properties['KeyPolicy'];
      if (policy === undefined) return [];
      return [{ id, statements: (resolve(policy) as { Statement: Properties[] }).Statement }];
    }),
    arnOf(pattern) {
      const found = [...resources.keys()].filter(
        (id) => pattern.test(id) && resources.get(id)?.Type !== undefined,
      );
      const arns = found.filter((id) => ARN[resources.get(id)?.Type ?? ''] !== undefined);
      if (arns.length !== 1)
        throw new Error(`${pattern} names ${arns.length} resources: ${arns.join(', ')}.`);
      return reference(arns[0] ?? '', true);
    },
  };
}
