import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AwsEnvironment } from '../environment';
import type { InstanceSettings } from '../settings/instance-settings';
import { SETTINGS_FILE } from '../settings/settings-file';
import { functionRole } from './function-role';

export interface ControlPlaneFunctionProps {
  /** Folder under `lambdas/`, e.g. `finalize-run`. */
  readonly name: string;
  /** Name in the account; default generated. One that is known beforehand can be told to what the function depends on. */
  readonly functionName?: string | undefined;
  readonly description: string;
  /** Folder that the build made; has `lambdas/<name>/handler.mjs`. */
  readonly programs: string;
  /** Goes into the code, so that a change of it is a deployment of the function. */
  readonly settings?: InstanceSettings | undefined;
  readonly environment?: AwsEnvironment | undefined;
  /** Default 30 s. */
  readonly timeout?: Duration | undefined;
  /** MB; CPU comes with it. Default 512. */
  readonly memory?: number | undefined;
  readonly logRetention?: RetentionDays | undefined;
  /** Where events go that failed for good, when the function is invoked asynchronously. */
  readonly deadLetterQueue?: IQueue | undefined;
  /** At once, over all invocations; default as the account allows. */
  readonly reservedConcurrency?: number | undefined;
}

/** Name in the account of a function of the control plane; `name` is its folder under `lambdas/`. */
export const controlPlaneFunctionName = (instance: string, name: string): string => `${instance}-${name}`;

/** A function of the control plane: built code and settings in one asset, its own role and log group. */
export class ControlPlaneFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: ControlPlaneFunctionProps) {
    super(scope, id);
    const { name, programs, settings, functionName, deadLetterQueue, reservedConcurrency } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      ...(functionName === undefined ? {} : { functionName }),
      description: `Headrace: ${props.description}`,
      code: Code.fromAsset(this.stageCode(join(programs, 'lambdas', name), name, settings)),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory ?? 512,
      timeout: props.timeout ?? Duration.seconds(30),
      tracing: Tracing.ACTIVE,
      environment: definedValues(props.environment ?? {}),
      logGroup,
      role: functionRole(this, 'Role', logGroup),
      // A destination, not Lambda's dead-letter queue: only the destination is told which function an event was for.
      ...(deadLetterQueue === undefined
        ? {}
        : { onFailure: new SqsDestination(deadLetterQueue), retryAttempts: 2 }),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
    });
  }

  /** The handler's folder and the settings together, in a folder of the assembly; the asset's hash depends on contents only. */
  private stageCode(folder: string, name: string, settings: InstanceSettings | undefined): string {
    if (settings === undefined) return folder;
    const staged = join(Stage.of(this)?.outdir ?? 'cdk.out', 'functions', `${name}-${this.node.addr}`);
    cpSync(folder, staged, { recursive: true });
    writeFileSync(join(staged, SETTINGS_FILE), JSON.stringify(settings));
    return staged;
  }

  /** Adds variables, once what they name exists. */
  addEnvironment(environment: AwsEnvironment): void {
    for (const [name, value] of Object.entries(definedValues(environment))) {
      this.function.addEnvironment(name, value);
    }
  }
}

function definedValues(environment: AwsEnvironment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
