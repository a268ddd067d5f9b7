import { LambdaClient } from '@aws-sdk/client-lambda';
import { lookUpEnvironment } from '../../environment';
import { serviceHost } from './service-host';
import { signRequest } from './sign-request';

/** A service refused a call. `name` is AWS's code, by which errors are told apart, as in the SDK's own errors. */
export class RefusedCall extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

/** Who waits is a person at a terminal. */
const TIMEOUT_MS = 10_000;

export interface ServiceCall {
  /** Of the signature and of the endpoint, e.g. `sts`. */
  readonly service: string;
  readonly contentType: string;
  /** Further ones that are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Calls a service without an SDK client of its own: for those of which one operation is wanted. Credentials are those
 * that AWS's tools use.
 *
 * @returns status and text of whatever it answered
 * @throws what the network or the look for credentials threw; TimeoutError after 10 s
 */
export async function postSigned(
  { service, contentType, headers, body }: ServiceCall,
  { region, now }: { readonly region: string; now(): number },
): Promise<{ readonly status: number; readonly text: string }> {
  // Any client of the SDK resolves the usual chain of credentials.
  const client = new LambdaClient({ region });
  const credentials = await client.config.credentials().finally(() => client.destroy());
  const url = new URL(lookUpEnvironment('AWS_ENDPOINT_URL') ?? `https://${serviceHost(service, region)}/`);
  const signature = signRequest(
    { method: 'POST', url, body, headers },
    { credentials, region, service, at: now() },
  );
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { ...signature, 'content-type': contentType },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: answer.status, text: await answer.text() };
}
