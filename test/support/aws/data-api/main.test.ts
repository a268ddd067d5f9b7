import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { buildPrograms } from '../../build-programs';
import { createTestDatabase } from '../../test-database';
import { WORKER_PASSWORD, WORKER_USER } from '../../test-server';

test('the server as a process says where it listens, knows its roles and stops when it is told to', async () => {
  const database = await createTestDatabase();
  const programs = await buildPrograms({ 'data-api': 'test/support/aws/data-api/main.ts' });
  const roles = JSON.stringify({ worker: `${WORKER_USER}:${WORKER_PASSWORD}` });
  const server = spawn(process.execPath, [join(programs, 'data-api.mjs'), database.url, '--roles', roles], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const client = new RDSDataClient({
    endpoint: `http://127.0.0.1:${/^listening on (\d+)$/.exec(line)?.[1]}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  const { records } = await client.send(
    new ExecuteStatementCommand({
      resourceArn: 'arn:aws:rds:us-east-1:000000000000:cluster:headrace',
      secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:worker',
      sql: 'select current_user::text',
    }),
  );
  client.destroy();
  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');

  expect(records).toEqual([[{ stringValue: WORKER_USER }]]);
  expect(code).toBe(0);
  await rm(programs, { recursive: true });
  await database.drop();
});
