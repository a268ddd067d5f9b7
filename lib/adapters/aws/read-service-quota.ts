import { LambdaClient } from '@aws-sdk/client-lambda';
import { lookUpEnvironment } from '../../environment';
import { callService } from './aws-service-error';
import { signRequest } from './sign-request';

/** Refused or failed, in the words of Service Quotas. `name` is AWS's code, by which errors are told apart. */
class ServiceQuotasError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

/**
 * What an account may use of something, by the codes of `aws service-quotas list-service-quotas`. One call of a service
 * is no reason for another SDK client.
 *
 * @throws {AwsServiceError} e.g. without the permission servicequotas:GetServiceQuota
 */
export function readServiceQuota(
  quota: { readonly serviceCode: string; readonly quotaCode: string },
  { region, now }: { readonly region: string; now(): number },
): Promise<number> {
  const call = { service: 'Service Quotas', operation: 'GetServiceQuota', subject: quota.quotaCode };
  return callService(call, async () => {
    // Any client of the SDK resolves the usual chain of credentials.
    const client = new LambdaClient({ region });
    const credentials = await client.config.credentials().finally(() => client.destroy());
    const url = new URL(
      lookUpEnvironment('AWS_ENDPOINT_URL') ?? `https://servicequotas.${region}.amazonaws.com/`,
    );
    const body = JSON.stringify({ ServiceCode: quota.serviceCode, QuotaCode: quota.quotaCode });
    const headers = { 'x-amz-target': 'ServiceQuotasV20190624.GetServiceQuota' };
    const signature = signRequest(
      { method: 'POST', url, body, headers },
      { credentials, region, service: 'servicequotas', at: now() },
    );
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...signature, 'content-type': 'application/x-amz-json-1.1' },
    });
    const value = (await answer.json()) as {
      Quota?: { Value?: number };
      __type?: string;
      message?: string;
      Message?: string;
    };
    if (!answer.ok || value.Quota?.Value === undefined) {
      const code = value.__type?.split('#').at(-1) ?? 'ServiceQuotasError';
      throw new ServiceQuotasError(code, answer.status, value.message ?? value.Message ?? code);
    }
    return value.Quota.Value;
  });
}
