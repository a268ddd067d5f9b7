import {
  asset,
  automation,
  type CheckFactoryOptions,
  columnSchema,
  columnSchemaChangeChecks,
  define,
  freshness,
  freshnessChecks,
  metadataBoundsChecks,
  multiAssetCheck,
  timestamp,
} from 'headrace';
import { fakeClock, materialize } from 'headrace/testing';

const orders = asset({ key: 'shop/orders', run: () => ({ rows: 3 }) });
const NOON = '2026-03-10T12:00:00Z';

/** What the only check says at noon of these materializations of orders, newest first. */
async function verdict(
  checks: ReturnType<typeof freshnessChecks>,
  past: readonly { readonly at: string; readonly metadata?: Readonly<Record<string, never>> | object }[],
) {
  const { checkEvaluations } = await materialize([...checks], {
    clock: fakeClock(NOON),
    materializations: { 'shop/orders': past.map((each) => ({ ...each, metadata: { ...each.metadata } })) },
    raiseOnError: false,
  });
  const [found] = checkEvaluations;
  return found && [found.passed, found.severity, found.description];
}

describe('checks of freshness', () => {
  const policy = freshness.timeWindow({ failWindow: '3h', warnWindow: '2h' });
  const checks = freshnessChecks({ assets: [orders], policy, severity: 'ERROR' });

  test.each([
    ['10:30', [true, 'ERROR', 'It is fresh.']],
    ['10:00', [false, 'WARN', 'It is about to be overdue for an update.']],
    ['09:00', [false, 'ERROR', 'It is overdue for an update.']],
  ])('judge an asset that was made at %s by its age', async (time, expected) => {
    expect(await verdict(checks, [{ at: `2026-03-10T${time}:00Z` }, { at: '2026-03-10T11:59:00Z' }])).toEqual(
      expected,
    );
  });

  const HOUR = 3_600_000;
  const noon = Date.parse(NOON);
  const updated = (hoursAgo: number) => ({
    'dagster/last_updated_timestamp': timestamp(noon - hoursAgo * HOUR),
  });

  test.each([
    ['an observation that says when the asset changed', [], [{ at: NOON, metadata: updated(1) }], true],
    ['an observation of an old change', [], [{ at: NOON, metadata: updated(4) }], false],
    ['the materialization when no observation says more', [{ hoursAgo: 1 }], [{ at: NOON }], true],
    [
      'what a materialization says of when the asset changed',
      [{ hoursAgo: 1, metadata: updated(4) }],
      [],
      false,
    ],
    ['the later one', [{ hoursAgo: 4 }], [{ at: NOON, metadata: updated(1) }], true],
    ['the later one, be it made', [{ hoursAgo: 1 }], [{ at: NOON, metadata: updated(4) }], true],
    ['an observation only for what it says', [], [{ at: NOON }], false],
  ])('go by %s', async (_what, made, observations, passed) => {
    // Act
    const { checkEvaluations } = await materialize([...checks], {
      clock: fakeClock(NOON),
      materializations: {
        'shop/orders': made.map(({ hoursAgo, ...rest }) => ({
          ...rest,
          at: new Date(noon - hoursAgo * HOUR),
        })),
      },
      observations: { 'shop/orders': observations },
      raiseOnError: false,
    });

    // Assess
    expect(checkEvaluations.map((each) => each.passed)).toEqual([passed]);
  });

  test('fail for what was never made, and pass for what the same run made', async () => {
    expect(await verdict(checks, [])).toEqual([false, 'ERROR', 'It is not known to have ever been updated.']);
    const { checkEvaluations } = await materialize([orders, ...checks]);
    expect(checkEvaluations).toMatchObject([{ name: 'freshness_check', passed: true }]);
  });

  test('hold an asset to a deadline, with what they went by', async () => {
    const [check, ...others] = freshnessChecks({
      assets: [orders],
      policy: freshness.cron({ deadlineCron: '0 9 * * *', lowerBoundDelta: '1h' }),
    });
    if (check === undefined) throw new Error('there is no check');
    expect(others).toEqual([]);
    expect(await verdict([check], [{ at: '2026-03-10T07:59:00Z' }])).toEqual([
      false,
      'WARN',
      'It is overdue for an update.',
    ]);
    const { checkEvaluations } = await materialize([check], {
      clock: fakeClock(NOON),
      materializations: { 'shop/orders': [{ at: '2026-03-10T08:00:00Z' }] },
    });
    expect(checkEvaluations[0]?.metadata).toEqual({
      'dagster/freshness_params': {
        kind: 'json',
        value: { kind: 'cron', deadlineCron: '0 9 * * *', lowerBoundDelta: 3600, timezone: 'UTC' },
      },
      'dagster/last_updated_timestamp': { kind: 'timestamp', value: Date.UTC(2026, 2, 10, 8) / 1000 },
      'dagster/fresh_until_timestamp': { kind: 'timestamp', value: Date.UTC(2026, 2, 11, 9) / 1000 },
    });
  });

  test('are refused for a policy that makes no sense', () => {
    expect(() => freshnessChecks({ assets: [], policy: freshness.timeWindow({ failWindow: '1s' }) })).toThrow(
      'freshnessChecks: failWindow must be a duration of at least one minute',
    );
  });
});

describe('checks of changed columns', () => {
  const checks = columnSchemaChangeChecks({ assets: [orders] });
  const columns = (...names: readonly string[]) => ({
    'dagster/column_schema': columnSchema(names.map((name) => ({ name, type: 'TEXT' }))),
  });
  const later = '2026-03-10T11:00:00Z';
  const earlier = '2026-03-10T10:00:00Z';

  test.each([
    ['once', [{ at: later }], true, 'It was materialized fewer than two times.'],
    [
      'with the same columns',
      [
        { at: later, metadata: columns('b', 'a') },
        { at: earlier, metadata: columns('a', 'b') },
        { at: earlier },
      ],
      true,
      'No column changed.',
    ],
    [
      'with others',
      [
        { at: later, metadata: columns('a', 'c') },
        { at: earlier, metadata: columns('a', 'b') },
      ],
      false,
      'Columns changed: c was added; b was removed.',
    ],
    [
      'without saying them now',
      [{ at: later }, { at: earlier, metadata: columns('a') }],
      false,
      'The latest materialization says no columns.',
    ],
    [
      'without having said them',
      [{ at: later, metadata: columns('a') }, { at: earlier }],
      false,
      'The materialization before says no columns.',
    ],
  ])('judge an asset that was made %s', async (_how, past, passed, words) => {
    const found = await verdict(checks, past);
    expect([found?.[0], found?.[2]]).toEqual([passed, words]);
  });
});

describe('checks of bounds', () => {
  const at = '2026-03-10T11:00:00Z';
  const bounds = { metadataKey: 'my rows', min: 1, max: 5 };

  test.each([
    [1, {}, true, '1 is at least 1 and at most 5.'],
    [5, {}, true, '5 is at least 1 and at most 5.'],
    [0.5, {}, false, '0.5 is not at least 1 and at most 5.'],
    [6, {}, false, '6 is not at least 1 and at most 5.'],
    [1, { exclusiveMin: true }, false, '1 is not greater than 1 and at most 5.'],
    [5, { exclusiveMax: true }, false, '5 is not at least 1 and less than 5.'],
    ['5', {}, false, 'Metadata "my rows" is no number but of kind text.'],
    [undefined, {}, false, 'The latest materialization has no metadata "my rows".'],
  ])('judge %p with %p', async (value, more, passed, words) => {
    const checks = metadataBoundsChecks({ assets: [orders], ...bounds, ...more });
    const found = await verdict(checks, [
      { at, metadata: { 'my rows': value } },
      { at, metadata: { 'my rows': 3 } },
    ]);
    expect([found?.[0], found?.[2]]).toEqual([passed, words]);
  });

  test('look at the partition that is checked; those of columns and freshness at the whole asset', async () => {
    const assets = [orders];
    const policy = freshness.timeWindow({ failWindow: '3h' });
    const asked: unknown[] = [];
    for (const { computation } of [
      ...metadataBoundsChecks({ assets, ...bounds }),
      ...columnSchemaChangeChecks({ assets }),
      ...freshnessChecks({ assets, policy }),
    ]) {
      for (const keys of [['mon'], ['mon', 'tue']]) {
        const context = {
          partition: { key: 'mon', keys, window: null, dimensions: null },
          startedAt: 0,
          materializations: async (query: { readonly partition: string | null }) => {
            asked.push(query.partition);
            return [];
          },
        };
        for await (const event of computation.execute(context as never, {})) expect(event.type).toBe('check');
      }
    }
    // Of freshness the observations, too.
    expect(asked).toEqual(['mon', null, null, null, null, null, null, null]);
  });

  test('are refused without bounds, and with bounds that nothing is within', () => {
    const assets = [orders];
    expect(() => metadataBoundsChecks({ assets, metadataKey: 'rows' })).toThrow('give min, max or both');
    expect(() => metadataBoundsChecks({ assets, metadataKey: 'rows', min: 2, max: 1 })).toThrow(
      'min 2 is greater than max 1',
    );
  });
});

test('each asset gets a check of its own, which stands where it was asked for', () => {
  const options: CheckFactoryOptions = {
    assets: [orders, 'erp/stock', 'erp/stock'],
    blocking: true,
    automation: automation.onCron('0 6 * * *'),
  };
  const { assetChecks } = define({
    assets: [orders, asset({ key: 'erp/stock', run: () => 1 })],
    assetChecks: [
      columnSchemaChangeChecks(options),
      metadataBoundsChecks({ ...options, metadataKey: 'dagster/row_count', min: 1 }),
    ],
  }).manifest('shop');
  expect(assetChecks.map((check) => [check.asset, check.name, check.blocking])).toEqual([
    ['shop/orders', 'column_schema_change', true],
    ['erp/stock', 'column_schema_change', true],
    ['shop/orders', 'dagster_row_count_bounds_check', true],
    ['erp/stock', 'dagster_row_count_bounds_check', true],
  ]);
  expect(assetChecks[0]?.source.file).toMatch(/check-factories\.test\.ts$/);
  expect(assetChecks[0]?.automationCondition).toBeDefined();
});

test('a step is told nothing of assets that it does not check', async () => {
  const nosy = multiAssetCheck({
    name: 'nosy',
    checks: [{ asset: orders, name: 'own' }],
    async run({ materializations }) {
      await materializations({ asset: 'erp/stock', partition: null, limit: 1 });
      return [];
    },
  });
  await expect(materialize([nosy])).rejects.toThrow(
    'materializations of erp/stock, of which it evaluates no check',
  );
});
