import type { AlertMessage, AlertPublisher } from '../../ports/alert-publisher';
import { type FaultKind, PortError } from '../../ports/errors';

/** A webhook that does not answer in this time, in milliseconds, is called again later. */
const TIMEOUT_MS = 10_000;

export interface LocalAlertPublisherOptions {
  /** Prints for whoever runs it. */
  say(text: string): void;
  /** Called with each alert as JSON; absent = none is. Its `text` is what Slack and Mattermost show. */
  readonly webhookUrl?: string | undefined;
}

/** Tells the terminal of alerts, and a webhook if there is one. */
export function createLocalAlertPublisher({ say, webhookUrl }: LocalAlertPublisherOptions): AlertPublisher {
  const said = new Set<string>();
  return {
    async publish(message) {
      if (!said.has(message.id)) say(`Alert: ${message.text}`);
      said.add(message.id);
      if (webhookUrl === undefined) return;
      try {
        await post(webhookUrl, message);
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

async function post(url: string, { id, subject, text, alert }: AlertMessage): Promise<void> {
  // The address may hold a secret: only its host is named.
  const { host } = new URL(url);
  const fail = (fault: FaultKind, reason: string, cause?: unknown): never => {
    throw new PortError(
      fault,
      `The alert '${subject}' was not taken by the webhook at ${host}: ${reason}. It is sent again for a day; check HEADRACE_ALERTS_WEBHOOK.`,
      { cause },
    );
  };
  const response = await fetch(url, {
    method: 'POST',
    // The address was chosen by whoever runs this; where it would send an alert on, was not.
    redirect: 'error',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({ id, subject, text, ...alert }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) =>
    fail('transient', cause instanceof Error ? cause.message : String(cause), cause),
  );
  await response.body?.cancel();
  if (response.ok) return;
  const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
  fail(mayPass ? 'transient' : 'permanent', `it answered ${response.status}`);
}
