import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnosis, diagnose } from '../../lib/cli/commands/doctor-checks';

const root = mkdtempSync(join(tmpdir(), 'doctor-checks-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const file = join(root, 'key.p8');
writeFileSync(file, privateKey);

async function snowflakeOf(variables: Readonly<Record<string, string>>): Promise<Diagnosis | undefined> {
  const found = await diagnose({
    root,
    home: join(root, '.headrace'),
    port: 0,
    python: { isNeeded: () => false, find: () => ({ version: '' }) },
    runningAt: undefined,
    env: (name) => variables[name],
    settingsError: undefined,
  });
  return found.find(({ check }) => check === 'Snowflake');
}

const ACCOUNT = { SNOWFLAKE_ACCOUNT: 'acme', SNOWFLAKE_USER: 'LOADER' };

test.each([
  ['without an account the stand-in is used', {}, 'ok', 'the local stand-in'],
  ['a key by its file', { ...ACCOUNT, SNOWFLAKE_PRIVATE_KEY_PATH: file }, 'ok', file],
  ['the key itself', { ...ACCOUNT, SNOWFLAKE_PRIVATE_KEY: privateKey }, 'ok', 'key SNOWFLAKE_PRIVATE_KEY'],
  ['no key', ACCOUNT, 'problem', 'SNOWFLAKE_PRIVATE_KEY_PATH not set'],
  ['a file that is not there', { ...ACCOUNT, SNOWFLAKE_PRIVATE_KEY_PATH: `${file}x` }, 'problem', `${file}x`],
  ['no key at all', { ...ACCOUNT, SNOWFLAKE_PRIVATE_KEY: 'secret text' }, 'problem', 'SNOWFLAKE_PRIVATE_KEY'],
] as const)('Snowflake: %s', async (_, variables, result, found) => {
  const diagnosis = await snowflakeOf(variables);

  expect(diagnosis).toMatchObject({ result });
  expect(diagnosis?.found).toContain(found);
  expect(JSON.stringify(diagnosis)).not.toContain('secret text');
});
