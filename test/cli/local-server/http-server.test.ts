import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { requireFreePort } from '../../../lib/cli/local-server/http-server';

test('A port that another program has is told before anything starts, and is free again when that one has gone', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  await expect(requireFreePort('127.0.0.1', port)).rejects.toMatchObject({
    message: `Port ${port} on 127.0.0.1 is in use by another program.`,
    remedy: expect.stringContaining('HEADRACE_PORT'),
  });

  other.close();
  await once(other, 'close');
  await requireFreePort('127.0.0.1', port);
});
