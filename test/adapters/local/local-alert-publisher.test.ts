import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalAlertPublisher } from '../../../lib/adapters/local/local-alert-publisher';
import { alertPublisherContract } from '../../contracts/alert-publisher-contract';

async function open() {
  const received: { readonly body: Record<string, unknown>; readonly key: unknown }[] = [];
  const said: string[] = [];
  let how: 'well' | 'busy' | 'refusing' | 'away' = 'well';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (how === 'away') request.socket.destroy();
    else if (how !== 'well') response.writeHead(how === 'busy' ? 503 : 404).end();
    else {
      received.push({
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
        key: request.headers['idempotency-key'],
      });
      response.writeHead(200).end('ok');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
  return {
    said,
    keys: () => received.map(({ key }) => key),
    publisher: createLocalAlertPublisher({ say: (text) => said.push(text), webhookUrl }),
    received: () => received.map(({ body }) => body),
    async answer(next: typeof how) {
      how = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

alertPublisherContract(open);

const message = {
  id: 'alert-1',
  subject: 'Stuck',
  text: 'Stuck\nLook at it.',
  alert: { type: 'queue_stuck', at: 0, seconds: 600 },
} as const;

test('An alert is printed once, however often the webhook has to be called; its secret address is not', async () => {
  const harness = await open();
  await harness.answer('busy');
  await expect(harness.publisher.publish(message)).rejects.toThrow();
  await harness.answer('well');
  await harness.publisher.publish(message);
  expect(harness.said).toEqual([
    'Alert: Stuck\nLook at it.',
    expect.stringMatching(/not taken by the webhook at 127\.0\.0\.1:\d+: it answered 503\./),
  ]);
  expect(harness.said.join()).not.toContain('secret-path');
  expect(harness.keys()).toEqual(['alert-1']);
  await harness.close();
});

test('Without a webhook an alert is printed and done with', async () => {
  const said: string[] = [];
  await createLocalAlertPublisher({ say: (text) => said.push(text) }).publish(message);
  expect(said).toEqual(['Alert: Stuck\nLook at it.']);
});
