import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkApiToken } from '../../../lib/api/authorizer/api-token';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

interface Token {
  readonly id: string;
  readonly token: string;
}

describe('tokens over REST', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  const create = (body: object) => harness.rest<Token>('POST', '/api/tokens', { body });

  test('One is made, shown once, listed without its secret, good for what was said, and revoked', async () => {
    const created = await create({ name: 'ci', locations: ['shop'], expiresInDays: 1 });
    const { id, token } = created.body;
    const listed = await harness.rest('GET', '/api/tokens');

    expect([created.status, created.body]).toEqual([
      201,
      expect.objectContaining({ name: 'ci', role: 'launcher', locations: ['shop'], createdBy: 'ann' }),
    ]);
    expect(listed.body).toEqual({ tokens: [expect.objectContaining({ id, name: 'ci', role: 'launcher' })] });
    expect(JSON.stringify(listed.body)).not.toContain('hash');
    const check = (now: number) => checkApiToken(harness.instance.storage, token, now);
    const now = harness.instance.clock.now();
    expect(await check(now)).toMatchObject({ name: 'ci', role: 'launcher', locations: ['shop'] });
    expect(await check(now + 86_400_001)).toBeUndefined();

    expect(await harness.rest('POST', `/api/tokens/${id}/revoke`)).toMatchObject({ status: 200 });
    expect(await check(now)).toBeUndefined();
    expect(await harness.rest('POST', `/api/tokens/${id}/revoke`)).toMatchObject({ status: 404 });
  });

  test.each([
    [{ name: '' }],
    [{ name: 'ci', role: 'root' }],
    [{ name: 'ci', locations: [] }],
    [{ name: 'ci', expiresInDays: 0 }],
    [{ name: 'ci', expiresInDays: 10_000 }],
  ])('%j is refused', async (body) => {
    expect((await create(body)).status).toBe(422);
  });

  test('Only admins make, see and revoke them', async () => {
    const role = 'editor';
    const answers = [
      await harness.rest('POST', '/api/tokens', { body: { name: 'x' }, role }),
      await harness.rest('GET', '/api/tokens', { role }),
      await harness.rest('POST', '/api/tokens/1/revoke', { role }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
