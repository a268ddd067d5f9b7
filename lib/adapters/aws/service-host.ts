import { LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Where a service answers in a region, also of China, GovCloud and others whose names end otherwise.
 *
 * @param service as in its endpoint, e.g. `sts`
 * @example serviceHost('sts', 'cn-north-1') // 'sts.cn-north-1.amazonaws.com.cn'
 */
export function serviceHost(service: string, region: string): string {
  // Which region belongs to which partition is known to the SDK; any of its clients says where it would call.
  const client = new LambdaClient({ region });
  try {
    const { url } = client.config.endpointProvider({ Region: region });
    return url.host.replace(/^lambda\./, `${service}.`);
  } finally {
    client.destroy();
  }
}
