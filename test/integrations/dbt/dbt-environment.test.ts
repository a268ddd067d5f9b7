import { readFileSync } from 'node:fs';
import { dbtEnvironment, environmentNames } from '../../../lib/integrations/dbt/dbt-environment';

test('Names are found in profiles, projects and manifests, with and without defaults, each once', () => {
  expect(
    environmentNames([
      `account: "{{ env_var('ACCOUNT') }}"\nhost: "{{ env_var( "HOST", env_var('ACCOUNT') ~ '.example.com') }}"`,
      JSON.stringify({ raw_code: `select '{{ env_var("REGION") }}', '{{ env_var('LIMIT', '10') }}'` }),
      'my_env_var("NO")',
    ]),
  ).toEqual(['ACCOUNT', 'HOST', 'LIMIT', 'REGION']);
});

test('What the integration sets itself is not looked up', () => {
  const profiles = readFileSync('dbt_project/profiles.yml', 'utf8');
  const names = environmentNames([profiles]);
  expect(names).toEqual(
    expect.arrayContaining([
      'SNOWFLAKE_ACCOUNT',
      'SNOWFLAKE_PRIVATE_KEY',
      'SNOWFLAKE_PRIVATE_KEY_PATH',
      'SNOWFLAKE_USER',
    ]),
  );
  expect(profiles).toContain('HEADRACE_QUERY_TAG');
  expect(names).not.toContain('HEADRACE_QUERY_TAG');
});

test('Variables that are not set are left to dbt and its defaults', () => {
  const environment = dbtEnvironment('dbt_shop', [`{{ env_var('SET') }} {{ env_var('UNSET', 'x') }}`]);
  expect(environment.name).toBe('dbt_shop_environment');
  const settings = { SET: 'value', UNSET: '' };
  expect(environment.setUp({ settings } as never)).toEqual({ SET: 'value' });
});
