import { CodeBlock } from '../../components/code-block';
import { Section } from '../../components/section';
import type { SensorRow } from './sensor-row';

/** How to send a sensor an event: a webhook's address and a signed request, or the command that does it by hand. */
export function SensorEventSource({ row }: { readonly row: SensorRow }) {
  const { eventSource, name } = row.sensor;
  if (eventSource === null) return null;
  return (
    <Section title="Send an event" padded>
      {eventSource.webhookPath !== null && (
        <CodeBlock
          label="webhook"
          text={curlExample(`${window.location.origin}${eventSource.webhookPath}`, eventSource.signature)}
        />
      )}
      <CodeBlock label="by hand" text={`npx headrace sensor send ${name} --body event.json`} />
    </Section>
  );
}

/** A request that a shell can send, once it knows the secret. */
export function curlExample(address: string, signature: string | null): string {
  if (signature === 'GITHUB') {
    return `# Payload URL of the webhook on GitHub, with the content type application/json:\n${address}`;
  }
  return [
    'body=\'{"hello": "world"}\'; id=event-1; time=$(date +%s)',
    'signature=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -hmac "$SECRET" -binary | base64)',
    `curl -X POST ${address} \\`,
    '  -H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" \\',
    '  -H "content-type: application/json" -d "$body"',
  ].join('\n');
}
