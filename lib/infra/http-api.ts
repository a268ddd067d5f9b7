import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type CfnStage,
  HttpApi as GatewayHttpApi,
  HttpMethod,
  type HttpStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SIGNED_ROUTES, type SignedRole } from '../model/signed-routes';
import { vendedLogName } from './vended-log-name';

export interface HttpApiProps {
  readonly instance: string;
  readonly authorize: IFunction;
  readonly graphql: IFunction;
  readonly triggerRun: IFunction;
  readonly receiveEvents: IFunction;
  readonly logRetention?: RetentionDays | undefined;
  /** Requests a second, and in a burst, over all callers. Defaults 100 and 200. */
  readonly throttle?: { readonly rate: number; readonly burst: number } | undefined;
}

/**
 * API Gateway in front of the control plane. `/graphql` and `/api/*` ask the authorizer (people's JWTs, own tokens);
 * `/iam/*` and `/iam-admin/*` take the same requests signed with SigV4; webhooks prove themselves by their signature.
 */
export class HttpApi extends Construct {
  readonly api: GatewayHttpApi;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new GatewayHttpApi(this, 'Api', { description: 'Headrace' });
    this.addRoutes(props);
    this.configureStage(props);
  }

  /** The right to call the API with that role, by requests that are signed with SigV4. */
  statementFor(role: SignedRole): PolicyStatement {
    return new PolicyStatement({
      actions: ['execute-api:Invoke'],
      resources: [this.api.arnForExecuteApi('*', `${SIGNED_ROUTES[role]}/*`)],
    });
  }

  private addRoutes({ authorize, graphql, triggerRun, receiveEvents }: HttpApiProps): void {
    const integrations = {
      graphql: new HttpLambdaIntegration('Graphql', graphql),
      triggerRun: new HttpLambdaIntegration('TriggerRun', triggerRun),
      receiveEvents: new HttpLambdaIntegration('ReceiveEvents', receiveEvents),
    };
    const people = new HttpLambdaAuthorizer('Tokens', authorize, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.minutes(1),
    });
    const machines = new HttpIamAuthorizer();
    for (const [prefix, authorizer] of [
      ['', people],
      [SIGNED_ROUTES.editor, machines],
    ] as const) {
      this.api.addRoutes({
        path: `${prefix}/graphql`,
        methods: [HttpMethod.POST],
        integration: integrations.graphql,
        authorizer,
      });
      this.api.addRoutes({
        path: `${prefix}/api/runs`,
        methods: [HttpMethod.POST],
        integration: integrations.triggerRun,
        authorizer,
      });
      this.api.addRoutes({
        path: `${prefix}/api/{path+}`,
        methods: [HttpMethod.ANY],
        integration: integrations.graphql,
        authorizer,
      });
    }
    this.api.addRoutes({
      path: `${SIGNED_ROUTES.admin}/{path+}`,
      methods: [HttpMethod.ANY],
      integration: integrations.graphql,
      authorizer: machines,
    });
    this.api.addRoutes({
      path: '/api/webhooks/{path+}',
      methods: [HttpMethod.POST],
      integration: integrations.receiveEvents,
    });
    this.api.addRoutes({ path: '/healthz', methods: [HttpMethod.GET], integration: integrations.graphql });
  }

  private configureStage({ instance, throttle, logRetention }: HttpApiProps): void {
    const logs = new LogGroup(this, 'AccessLogs', {
      logGroupName: vendedLogName(`apis/${instance}`),
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = (this.api.defaultStage as HttpStage).node.defaultChild as CfnStage;
    stage.defaultRouteSettings = {
      throttlingRateLimit: throttle?.rate ?? 100,
      throttlingBurstLimit: throttle?.burst ?? 200,
    };
    stage.accessLogSettings = {
      destinationArn: logs.logGroupArn,
      format: JSON.stringify({
        requestId: '$context.requestId',
        time: '$context.requestTimeEpoch',
        method: '$context.httpMethod',
        route: '$context.routeKey',
        status: '$context.status',
        latency: '$context.responseLatency',
        principal: '$context.authorizer.principal',
        error: '$context.integrationErrorMessage',
      }),
    };
  }
}
