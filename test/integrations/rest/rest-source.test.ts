import { describe, expect, it } from '@jest/globals';
import { bearer, restSource } from 'headrace/rest';
import { env, secret } from '../../../lib/definitions/references';
import type { ResourceValue } from '../../../lib/definitions/resource';
import { startSampleApis } from '../../../tools/sample-apis/server';
import { readAll } from './support';

describe('restSource', () => {
  const github = restSource({
    baseUrl: env('GITHUB_URL', 'https://api.github.com'),
    auth: bearer(secret('GITHUB_TOKEN')),
    resources: { user: { path: '/users/{login}', params: { login: 'octokit-fixture-user-a' } } },
  });

  it('shows its connection by reference and nothing of the secret', () => {
    expect(github).toMatchObject({ kind: 'resource', name: null });
    expect(github.settings).toEqual({
      baseUrl: { kind: 'env', name: 'GITHUB_URL', defaultValue: 'https://api.github.com' },
      auth: { kind: 'bearer', token: { kind: 'secret', name: 'GITHUB_TOKEN' } },
    });
    expect(github.source.file).toContain('rest-source.test');
  });

  it('is set up with the settings looked up, and warns of retries', async () => {
    const api = await startSampleApis({ github: { token: 'right' } });
    api.faults.add({ kind: 'status', status: 503, retryAfter: 0, nth: 1 });
    const warnings: string[] = [];
    const log = {
      debug() {},
      info() {},
      error() {},
      warning: (message: string) => void warnings.push(message),
    };
    const value = (await github.setUp({
      settings: { baseUrl: api.url, auth: { kind: 'bearer', token: 'right' } },
      config: undefined,
      resources: {},
      run: null,
      stepKey: null,
      log,
      mask() {},
      artifacts: undefined as never,
    })) as ResourceValue<typeof github>;
    const { records } = await readAll(value.user.read());
    await api.close();

    expect(records).toMatchObject([{ login: 'octokit-fixture-user-a' }]);
    expect(api.faults.fired('status')).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('answered 503')]);
  });
});
