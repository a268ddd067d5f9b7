import { lookup } from 'node:dns/promises';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetAccountSettingsCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AccountFinding, failedCall } from './account-finding';
import { toAwsServiceError } from './aws-service-error';
import { diagnoseBootstrap } from './diagnose-bootstrap';
import { readServiceQuota } from './read-service-quota';
import { serviceHost } from './service-host';

export interface AccountContext {
  readonly region: string;
  /** Epoch ms. */
  now(): number;
  /** Parts of an existing deployment; null = not deployed yet, so not looked at. */
  readonly bundlesBucket: string | null;
  readonly registerFunction: string | null;
  readonly deadLettersQueue: string | null;
}

/** Functions that may run at once before a new account's limit is felt: those of a busy deployment, twice. */
const LOW_CONCURRENCY = 50;
/** Rules on the default bus: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html (100 in some regions). */
const RULES_QUOTA = 300;
/** vCPUs below which runs wait for each other that no limit of ours keeps apart. */
const LOW_FARGATE = 16;
/** Rules that Headrace makes at most unless `maxRules` says otherwise. */
const OWN_RULES = 80;

/**
 * Looks at an account without changing anything: bootstrap, quotas, services of the region, and what the caller may
 * do with an existing deployment. A call that fails is a finding in words.
 */
export async function diagnoseAccount(context: AccountContext): Promise<readonly AccountFinding[]> {
  const { region } = context;
  const checks = [
    () => dataApi(region),
    () => concurrency(region),
    () => rules(region),
    () => fargate(region, context.now),
    ...(context.bundlesBucket === null ? [] : [() => mayUseBucket(region, context.bundlesBucket ?? '')]),
    ...(context.registerFunction === null ? [] : [() => mayRegister(region, context.registerFunction ?? '')]),
    ...(context.deadLettersQueue === null ? [] : [() => deadLetters(region, context.deadLettersQueue ?? '')]),
  ];
  const [bootstrap, ...others] = await Promise.all([
    diagnoseBootstrap(context),
    ...checks.map((check) => check()),
  ]);
  return [...bootstrap, ...others];
}

/** Every function reaches the database through it, and not every region has it. */
async function dataApi(region: string): Promise<AccountFinding> {
  const check = 'RDS Data API';
  const host = serviceHost('rds-data', region);
  try {
    await lookup(host);
    return { check, result: 'ok', found: `${region} has it` };
  } catch (error) {
    const isAbsent = (error as { code?: string }).code === 'ENOTFOUND';
    return {
      check,
      result: isAbsent ? 'problem' : 'warning',
      found: isAbsent ? `${region} has no ${host}` : `${host}: ${(error as Error).message}`,
      remedy: isAbsent
        ? 'Choose a region with Aurora Serverless v2 and the Data API: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html'
        : 'Look into the name resolution of this machine.',
    };
  }
}

async function concurrency(region: string): Promise<AccountFinding> {
  const check = 'Lambda concurrency';
  const client = new LambdaClient({ region });
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const limit = AccountLimit?.ConcurrentExecutions ?? 0;
    return limit >= LOW_CONCURRENCY
      ? { check, result: 'ok', found: `${limit} functions at once` }
      : {
          check,
          result: 'warning',
          found: `only ${limit} functions at once, as in new accounts; the API is throttled when runs start together`,
          remedy: `Ask for 1,000: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`,
        };
  } catch (error) {
    return failedCall(check, { service: 'Lambda', operation: 'GetAccountSettings', subject: region }, error);
  } finally {
    client.destroy();
  }
}

async function rules(region: string): Promise<AccountFinding> {
  const check = 'EventBridge rules';
  const client = new EventBridgeClient({ region });
  try {
    let used = 0;
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListRulesCommand({ Limit: 100, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      used += page.Rules?.length ?? 0;
      token = page.NextToken;
    } while (token !== undefined);
    const found = `${used} rules on the default bus of ${region}, of ${RULES_QUOTA} (100 in some regions)`;
    return used + OWN_RULES <= RULES_QUOTA
      ? { check, result: 'ok', found }
      : {
          check,
          result: 'warning',
          found,
          remedy: `Headrace makes up to ${OWN_RULES}: lower maxRules of the construct, or ask for more in Service Quotas (EventBridge, Rules).`,
        };
  } catch (error) {
    return failedCall(check, { service: 'EventBridge', operation: 'ListRules', subject: region }, error);
  } finally {
    client.destroy();
  }
}

async function mayUseBucket(region: string, bucket: string): Promise<AccountFinding> {
  const check = 'May push code';
  const client = new S3Client({ region });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return {
      check,
      result: 'ok',
      found: `bucket ${bucket} can be reached; that it can be written only a push shows`,
    };
  } catch (error) {
    return failedCall(check, { service: 'S3', operation: 'HeadBucket', subject: bucket }, error);
  } finally {
    client.destroy();
  }
}

async function mayRegister(region: string, name: string): Promise<AccountFinding> {
  const check = 'May bring code into force';
  const client = new LambdaClient({ region });
  try {
    await client.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' }));
    return { check, result: 'ok', found: `function ${name} may be invoked` };
  } catch (error) {
    return failedCall(check, { service: 'Lambda', operation: 'Invoke (dry run)', subject: name }, error);
  } finally {
    client.destroy();
  }
}

async function deadLetters(region: string, queueUrl: string): Promise<AccountFinding> {
  const check = 'Dead letters';
  const client = new SQSClient({ region });
  try {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    const count = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    return count === 0
      ? { check, result: 'ok', found: 'none' }
      : {
          check,
          result: 'warning',
          found: `${count} events failed for good`,
          remedy: 'Look at them with headrace dlq list, mend the cause, then headrace dlq replay.',
        };
  } catch (error) {
    return failedCall(check, { service: 'SQS', operation: 'GetQueueAttributes', subject: queueUrl }, error);
  } finally {
    client.destroy();
  }
}

/** The limit that new accounts hit first: "Fargate On-Demand vCPU resource count". */
async function fargate(region: string, now: () => number): Promise<AccountFinding> {
  const check = 'Fargate vCPU';
  const quota = { serviceCode: 'fargate', quotaCode: 'L-3032A538' };
  const names = `--service-code ${quota.serviceCode} --quota-code ${quota.quotaCode} --region ${region}`;
  try {
    const value = await readServiceQuota(quota, { region, now });
    const found = `${value} vCPUs at once, which is as many runs of 1 vCPU`;
    if (value >= LOW_FARGATE) return { check, result: 'ok', found };
    const remedy = `Ask for more: aws service-quotas request-service-quota-increase ${names} --desired-value 100`;
    return { check, result: 'warning', found: `only ${found}, as in new accounts`, remedy };
  } catch (error) {
    const { message } = toAwsServiceError(
      { service: 'Service Quotas', operation: 'GetServiceQuota', subject: quota.quotaCode },
      error,
    );
    const remedy = `New accounts may have 6. Look: aws service-quotas get-service-quota ${names}`;
    return { check, result: 'warning', found: message, remedy };
  }
}
