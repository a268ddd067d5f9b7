import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CodeLocationDifference, CodeLocationsView, Problem, RolledBack } from '../../../lib/client';
import type { Manifest } from '../../../lib/model/manifest';
import {
  bundleObject,
  CODE_LOCATION_NAMESPACE,
  type PushedCodeLocation,
} from '../../../lib/model/pushed-code-location';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const hash = (character: string): string => character.repeat(32);
const [newer, older] = [hash('b'), hash('a')];

describe('versions of a code location over REST', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    const manifest = (await harness.codeLocations.get('shop'))?.manifest as Manifest;
    const [schedule, ...schedules] = manifest.schedules;
    if (schedule === undefined) throw new Error('the shop has no schedule');
    const before: Manifest = {
      ...manifest,
      jobs: manifest.jobs.filter(({ name }) => name !== 'plain'),
      schedules: [{ ...schedule, cron: ['15 4 * * *'] }, ...schedules],
    };
    for (const [version, body] of [
      [newer, manifest],
      [older, before],
    ] as const) {
      await harness.objectStore.put(bundleObject.archive(version), Buffer.from('archive'));
      await harness.objectStore.put(bundleObject.manifest(version), Buffer.from(JSON.stringify(body)));
    }
    const pushed: PushedCodeLocation = {
      bundleHash: newer,
      error: null,
      updatedAt: 2,
      versions: [
        { bundleHash: newer, pushedAt: 2, by: 'ann' },
        { bundleHash: older, pushedAt: 1, by: null },
      ],
    };
    await harness.storage.putValue(CODE_LOCATION_NAMESPACE, 'shop', pushed);
  });
  const versions = async () =>
    (await harness.rest<CodeLocationsView>('GET', '/api/code-locations')).body.locations.find(
      ({ name }) => name === 'shop',
    )?.versions;

  test('the version in force differs from the one before in what was added and changed', async () => {
    const { body } = await harness.rest<CodeLocationDifference>('GET', '/api/code-locations/shop/difference');

    expect(body).toMatchObject({ location: 'shop', from: older, to: newer });
    expect(body.changes).toContainEqual({ kind: 'job', name: 'plain', change: 'added', fields: [] });
    const changed = body.changes.find(({ kind }) => kind === 'schedule');
    expect(changed).toMatchObject({ change: 'changed', fields: [{ field: 'cron' }] });
    expect(changed?.fields[0]?.text).toMatch(/^cron: Every day at 04:15 \(15 4 \* \* \*\) → /);
  });

  test('the other way round, what was added is removed; the first version differs from nothing', async () => {
    const back = await harness.rest<CodeLocationDifference>(
      'GET',
      `/api/code-locations/shop/difference?from=${newer}&to=${older}`,
    );
    expect(back.body.changes).toContainEqual({ kind: 'job', name: 'plain', change: 'removed', fields: [] });

    const first = await harness.rest<CodeLocationDifference>(
      'GET',
      `/api/code-locations/shop/difference?to=${older}`,
    );
    expect(first.body.from).toBeNull();
    expect(first.body.changes.every(({ change }) => change === 'added')).toBe(true);
  });

  test('an earlier version does not come back when its code is not what its manifest says', async () => {
    const answer = await harness.rest<Problem>('POST', '/api/code-locations/shop/rollback', {
      body: { version: older },
      role: 'admin',
    });

    // The code of this test has the job that the older manifest lacks.
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain('shop was not rolled back');
    expect((await versions())?.[0]?.bundleHash).toBe(newer);
  });

  test('an earlier version that loads is in force again, in the name of who asked', async () => {
    const current = await harness.objectStore.get(bundleObject.manifest(newer));
    await harness.objectStore.put(bundleObject.manifest(older), current ?? new Uint8Array());

    const answer = await harness.rest<RolledBack>('POST', '/api/code-locations/shop/rollback', {
      body: { version: older },
      role: 'admin',
    });

    expect(answer.body).toEqual({ location: 'shop', bundleHash: older, previous: newer });
    expect((await versions())?.[0]).toMatchObject({ bundleHash: older, by: 'ann' });
    const [entry] = await harness.storage.listAudit({ limit: 1 });
    expect(entry).toMatchObject({
      action: 'POST /api/code-locations/{name}/rollback',
      outcome: 'DONE',
      input: { name: 'shop', body: { version: older } },
    });
  });

  test.each([
    ['GET', '/api/code-locations/nowhere/difference', undefined, /no code location 'nowhere'/],
    ['GET', '/api/code-locations/lab/difference', undefined, /has no versions: its code was not pushed/],
    ['GET', '/api/code-locations/shop/difference?from=x', undefined, /no version 'x'/],
    ['POST', '/api/code-locations/shop/rollback', { version: 'x' }, /no version 'x'/],
  ])('%s %s finds nothing, and says why', async (method, path, body, detail) => {
    const answer = await harness.rest<Problem>(method, path, { body, role: 'admin' });
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toMatch(detail);
  });

  test('only admins roll back', async () => {
    const answer = await harness.rest<Problem>('POST', '/api/code-locations/shop/rollback', {
      body: { version: older },
      role: 'editor',
    });
    expect(answer.status).toBe(403);
  });
});
