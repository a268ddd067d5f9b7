import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type Role } from '../../../lib/api/identity';
import { schema } from '../../../lib/api/schema';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { isRefused, MUTATIONS, mutationDocument, READS } from '../../support/api-mutations';

describe('the role that a mutation needs', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  const mutate = (name: string, role: Role) =>
    harness.graphql<Record<string, unknown>>(mutationDocument(name), {}, role);

  test('is settled here for every mutation', () => {
    expect(Object.keys(MUTATIONS).sort()).toEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(),
    );
  });

  test.each(Object.entries(MUTATIONS))('%s: %s', async (name, [needed]) => {
    for (const role of ROLES) {
      harness.calls.length = 0;
      harness.codeLocations.reloaded.length = 0;
      const answer = await mutate(name, role);
      const mayAct = ROLES.indexOf(role) >= ROLES.indexOf(needed);
      expect({ name, role, isRefused: isRefused(answer) }).toEqual({ name, role, isRefused: !mayAct });
      if (mayAct) continue;
      expect(harness.calls.filter((call) => !READS.test(call))).toEqual([]);
      expect(harness.codeLocations.reloaded).toEqual([]);
    }
  });

  test('what a caller may do is told before it is tried', async () => {
    const { data } = await harness.graphql<{ permissions: { permission: string; value: boolean }[] }>(
      '{ permissions { permission value disabledReason } }',
      {},
      'launcher',
    );
    const may = Object.fromEntries(data.permissions.map(({ permission, value }) => [permission, value]));
    expect(may).toMatchObject({
      launch_pipeline_execution: true,
      wipe_assets: false,
      edit_concurrency_limit: false,
    });
  });
});
