import { expect, it } from '@jest/globals';
import { env, secret } from '../../../lib/definitions/references';
import { SnowflakeConfigError } from '../../../lib/integrations/snowflake/errors';
import { snowflakeResource } from '../../../lib/integrations/snowflake/snowflake-resource';

const definition = snowflakeResource({
  account: env('SNOWFLAKE_ACCOUNT'),
  username: 'loader',
  privateKey: secret('SNOWFLAKE_PRIVATE_KEY'),
  database: 'RAW',
  warehouse: env('SNOWFLAKE_WAREHOUSE', ''),
});

/** What the host does once it has looked up the references. */
const setUp = (settings: object) => definition.setUp({ settings, run: null, stepKey: null } as never);

it('keeps references in its settings, so that no key is read when code is loaded', () => {
  expect(definition.settings).toMatchObject({
    privateKey: { kind: 'secret', name: 'SNOWFLAKE_PRIVATE_KEY' },
  });
});

it('points to the line where the user defines it', () => {
  expect(JSON.stringify(definition.source)).toContain('snowflake-resource.test');
});

it('takes a variable that is set to nothing as not given', () => {
  const base = { account: 'a', username: 'u', database: 'RAW' };
  expect(setUp({ ...base, privateKey: 'pem', privateKeyFile: '', warehouse: '' })).toHaveProperty('load');
  expect(() => setUp({ ...base, privateKey: '', privateKeyFile: '' })).toThrow(SnowflakeConfigError);
});
