import { request } from 'node:http';
import { REGION } from './emulator-environment';

const authorizationFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`;

/**
 * Calls an operation of a JSON service (CloudWatch Logs, SQS, ...) without its SDK. The emulator checks no signature;
 * it only reads the service's name out of it.
 *
 * @param target the value of X-Amz-Target, e.g. `Logs_20140328.FilterLogEvents`
 * @throws with the service's answer, when it is an error
 */
export async function callAws<T>(
  endpoint: string,
  service: string,
  target: string,
  input: unknown,
): Promise<T> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: authorizationFor(service),
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

/** Calls an operation of a service that takes forms (SNS) without its SDK. @returns the answer's XML */
export async function queryAws(
  endpoint: string,
  service: string,
  input: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: authorizationFor(service) },
    body: new URLSearchParams(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${input.Action} answered ${answer.status}: ${text}`);
  return text;
}

/** Every message of a log group, oldest first. */
export async function logMessages(endpoint: string, logGroupName: string): Promise<string[]> {
  type Answer = { events: { message: string }[] };
  const { events } = await callAws<Answer>(endpoint, 'logs', 'Logs_20140328.FilterLogEvents', {
    logGroupName,
  });
  return events.map(({ message }) => message);
}

/** GET from a CloudFront distribution: the emulator tells it by the Host header, which `fetch` does not send. */
export function getFromDistribution(
  endpoint: string,
  domain: string,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: domain, 'x-forwarded-proto': 'https' };
    request(new URL(path, endpoint), { headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
