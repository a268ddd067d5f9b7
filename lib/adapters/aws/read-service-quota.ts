import { callService } from './aws-service-error';
import { postSigned, RefusedCall } from './post-signed';

/**
 * What an account may use of something, by the codes of `aws service-quotas list-service-quotas`.
 *
 * @throws {AwsServiceError} e.g. without the permission servicequotas:GetServiceQuota
 */
export function readServiceQuota(
  quota: { readonly serviceCode: string; readonly quotaCode: string },
  at: { readonly region: string; now(): number },
): Promise<number> {
  const call = { service: 'Service Quotas', operation: 'GetServiceQuota', subject: quota.quotaCode };
  return callService(call, async () => {
    const { status, text } = await postSigned(
      {
        service: 'servicequotas',
        contentType: 'application/x-amz-json-1.1',
        headers: { 'x-amz-target': 'ServiceQuotasV20190624.GetServiceQuota' },
        body: JSON.stringify({ ServiceCode: quota.serviceCode, QuotaCode: quota.quotaCode }),
      },
      at,
    );
    const value = JSON.parse(text) as {
      Quota?: { Value?: number };
      __type?: string;
      message?: string;
      Message?: string;
    };
    if (status !== 200 || value.Quota?.Value === undefined) {
      const code = value.__type?.split('#').at(-1) ?? 'ServiceQuotasError';
      throw new RefusedCall(code, status, value.message ?? value.Message ?? code);
    }
    return value.Quota.Value;
  });
}
