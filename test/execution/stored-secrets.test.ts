import { CodeLocationServer } from '../../lib/execution/code-location-server';
import { ComputeLogWriter } from '../../lib/execution/compute-log-writer';
import { lookUpVariables } from '../../lib/execution/look-up-variables';
import { SecretMask } from '../../lib/model/secret-mask';
import type { SecretStore } from '../../lib/ports/secret-store';
import { step, testDefinitions } from './support/definitions';
import { execute } from './support/execute';
import { inMemoryHost } from './support/in-memory-host';

/** What the owners of a location put into its secret: nothing about these names says that they are secret. */
const PLANTED: Readonly<Record<string, string>> = {
  CRM_TENANT: 'tenant-4711',
  CRM_LOGIN: 'j.doe+etl@example.com',
  CRM_REGION: 'north',
};
const store: SecretStore = { get: async (name) => PLANTED[name] };
const lookUp = (names: readonly string[], onSecret?: (value: string) => void) =>
  lookUpVariables(names, (name) => (name === 'CRM_PATH' ? '/srv/crm' : undefined), store, onSecret);

const crm = {
  manifest: { environment: [...Object.keys(PLANTED), 'CRM_PATH'] },
  setUp: async ({ env }: { env(name: string): string | undefined }) => ({
    value: manyWords(env),
  }),
};
const manyWords = (env: (name: string) => string | undefined): string =>
  ['CRM_TENANT', 'CRM_LOGIN', 'CRM_REGION', 'CRM_PATH'].map(env).join(' ');

test('Values of the secret store are in no event, message, metadata or error, and plain ones stay', async () => {
  const host = inMemoryHost({ lookUp });
  const run = await execute(
    {
      assets: [{ key: 'raw/tenant-4711', op: 'leak' }],
      ops: {
        leak: {
          resources: ['crm'],
          async *run(context) {
            const all = String(context.resources['crm']);
            context.log.info(`using ${all}`, { nested: [{ deep: all }] });
            yield { type: 'materialization', asset: 'raw/tenant-4711', metadata: { connection: all } };
            yield { type: 'output', name: 'result', value: null };
            throw new Error(`refused: ${encodeURIComponent(all)} ${all}`);
          },
        },
      },
      resources: { crm },
    },
    [step('leak', { assets: ['raw/tenant-4711'] })],
    { host },
  );

  const names = JSON.stringify(run.events.map(({ assetKey, stepKey }) => [assetKey, stepKey]));
  const words = JSON.stringify(run.events).replaceAll('raw/tenant-4711', '');
  expect(words).toContain('using ******** ******** north /srv/crm');
  expect(words).not.toMatch(/tenant-4711|j\.doe/);
  // What the system goes by is left alone: it would find the asset no more.
  expect(names).toContain('raw/tenant-4711');
  expect(run.of('ASSET_MATERIALIZATION').map(({ data }) => data.metadata.connection)).toEqual([
    { kind: 'text', value: '******** ******** north /srv/crm' },
  ]);
  expect(host.secrets.sort()).toEqual([PLANTED.CRM_LOGIN, PLANTED.CRM_TENANT]);
});

test('What was told to the host is masked in captured output', async () => {
  const kept: string[] = [];
  const mask = new SecretMask();
  const logs = new ComputeLogWriter({
    objectStore: { put: async (_, body) => void kept.push(Buffer.from(body).toString()) },
    mask,
    onPressure: () => {},
  });
  await lookUp(Object.keys(PLANTED), (value) => mask.addStored(value));
  logs.write({ runId: 'r', stepKey: 's', tryNumber: 1 }, 'stdout', Buffer.from('tenant-'));
  await logs.flush();
  logs.write({ runId: 'r', stepKey: 's', tryNumber: 1 }, 'stdout', Buffer.from('4711 north\n'));
  await logs.flush(true);
  expect(kept.join('')).toBe('******** north\n');
});

test('A sensor says none of them in its logs, reason or errors; its cursor comes as it is', async () => {
  const sensor = (fails: boolean) => ({
    resources: ['crm'],
    async evaluate(context: {
      readonly log: { info(text: string): void };
      readonly resources: Readonly<Record<string, unknown>>;
    }) {
      const all = String(context.resources['crm']);
      context.log.info(all);
      if (fails) throw new Error(`refused: ${all}`);
      return {
        runRequests: [],
        skipReason: `nothing for ${all}`,
        cursor: 'tenant-4711/7',
        dynamicPartitionsRequests: [],
      };
    },
  });
  const server = new CodeLocationServer(
    testDefinitions({
      resources: { crm },
      sensors: { good: sensor(false) as never, bad: sensor(true) as never },
    }),
    'test',
    { ...inMemoryHost(), lookUp },
  );
  const ask = (name: string) =>
    server.handle<'evaluate-sensor'>({
      kind: 'evaluate-sensor',
      sensor: name,
      cursor: null,
      lastRunKey: null,
      lastTickAt: null,
    } as never);

  const good = await ask('good');
  expect(good).toMatchObject({
    ok: true,
    value: {
      result: { skipReason: 'nothing for ******** ******** north /srv/crm', cursor: 'tenant-4711/7' },
      logs: [{ message: '******** ******** north /srv/crm' }],
    },
  });
  const bad = JSON.stringify(await ask('bad'));
  expect(bad).toContain('refused: ********');
  expect(bad).not.toMatch(/tenant-4711|j\.doe/);
});
