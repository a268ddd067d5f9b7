import { join } from 'node:path';
import { CfnOutput, CustomResource, Duration, FileSystem, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { contentSecurityPolicy, FILE_EXTENSION, HASHED_FILE } from '../model/dashboard-delivery';
import { ControlPlaneFunction } from './control-plane-function';
import { customResourceProvider } from './custom-resource-provider';
import { grantBucket } from './grant-bucket';

export interface DashboardDomain {
  /** E.g. `headrace.example.com`. */
  readonly name: string;
  /** Of that name, in us-east-1, where CloudFront reads it. */
  readonly certificate: ICertificate;
}

export interface DashboardProps {
  readonly api: HttpApi;
  readonly programs: string;
  readonly domain?: DashboardDomain | undefined;
  /** Origins beside its own that the pages call: where people log in. */
  readonly connectTo?: readonly string[] | undefined;
}

/** Runs in CloudFront before its cache: `isPage` in the small JavaScript that is understood there. */
export const REWRITE_PAGES = `
function handler(event) {
  var uri = event.request.uri;
  var file = uri.indexOf('/assets/') === 0 ? ${HASHED_FILE} : ${FILE_EXTENSION};
  if (!file.test(uri)) event.request.uri = '/index.html';
  return event.request;
}
`;

/** The dashboard: private bucket behind CloudFront, with the API under the same origin. */
export class Dashboard extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** Without a slash at the end. */
  readonly url: string;
  readonly #programs: string;

  constructor(scope: Construct, id: string, { api, programs, domain, connectTo = [] }: DashboardProps) {
    super(scope, id);
    this.#programs = programs;
    this.bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Built files can be made again; `publish` empties the bucket before it goes.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const apiOrigin = new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)));
    const toApi = {
      origin: apiOrigin,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    const files = {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: securityHeaders(this, connectTo),
      compress: true,
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Headrace',
      defaultBehavior: {
        ...files,
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new EdgeFunction(this, 'Rewrite', {
              code: FunctionCode.fromInline(REWRITE_PAGES),
              runtime: FunctionRuntime.JS_2_0,
              comment: 'Headrace: pages are index.html',
            }),
          },
        ],
      },
      additionalBehaviors: { '/graphql': toApi, '/api/*': toApi, '/healthz': toApi },
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      priceClass: PriceClass.PRICE_CLASS_100,
      ...(domain === undefined ? {} : { domainNames: [domain.name], certificate: domain.certificate }),
    });
    this.url = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    if (domain === undefined) return;
    new CfnOutput(Stack.of(this), 'DashboardAlias', {
      value: this.distribution.distributionDomainName,
      description: `Where the DNS record of ${domain.name} has to point`,
    });
  }

  /**
   * Uploads the built files with their cache rules and `config.json`, after the API is there. Hashed files of
   * earlier versions stay for 30 days, for pages that are still open.
   *
   * @param config what the dashboard learns at its start, e.g. where people log in
   */
  publish(config: Readonly<Record<string, unknown>>): void {
    const publish = new ControlPlaneFunction(this, 'Publish', {
      name: 'publish-dashboard',
      description: 'uploads the dashboard',
      programs: this.#programs,
      timeout: Duration.minutes(5),
    });
    grantBucket(this.bucket, publish.function, ['read', 'write', 'delete']);
    const provider = customResourceProvider(this, publish.function);
    new CustomResource(this, 'Published', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::HeadraceDashboard',
      properties: {
        bucket: this.bucket.bucketName,
        files: FileSystem.fingerprint(join(this.#programs, 'dashboard')),
        config: JSON.stringify(config),
      },
    });
  }
}

function securityHeaders(scope: Construct, connectTo: readonly string[]): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'Headers', {
    securityHeadersBehavior: {
      contentSecurityPolicy: {
        contentSecurityPolicy: contentSecurityPolicy(connectTo),
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(730),
        includeSubdomains: true,
        override: true,
      },
    },
  });
}
