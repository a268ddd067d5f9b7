import { describe, expect, test } from '@jest/globals';
import { asset, assetCheck, automation, dailyPartitions, define, defineAssetJob } from 'headrace';

describe('automation conditions', () => {
  test('eager is the tree that Dagster has', () => {
    const dependencies = (operand: object, label: string) => ({ op: 'any_deps_match', operand, label });
    const not = (operand: object) => ({ op: 'not', operand });
    const inProgress = {
      op: 'or',
      operands: [{ op: 'run_in_progress' }, { op: 'backfill_in_progress' }],
      label: 'in_progress',
    };
    expect(automation.eager().toSpec()).toEqual({
      op: 'and',
      label: 'eager',
      operands: [
        { op: 'in_latest_time_window' },
        {
          op: 'since',
          trigger: {
            op: 'or',
            operands: [
              { op: 'newly_true', operand: { op: 'missing' }, label: 'newly_missing' },
              dependencies(
                {
                  op: 'or',
                  operands: [
                    {
                      op: 'and',
                      operands: [{ op: 'newly_updated' }, not({ op: 'executed_with_root_target' })],
                      label: 'newly_updated_without_root',
                    },
                    { op: 'will_be_requested' },
                  ],
                },
                'any_deps_updated',
              ),
            ],
          },
          reset: {
            op: 'or',
            label: 'handled',
            operands: [{ op: 'newly_requested' }, { op: 'newly_updated' }, { op: 'initial_evaluation' }],
          },
        },
        not(
          dependencies(
            { op: 'and', operands: [{ op: 'missing' }, not({ op: 'will_be_requested' })] },
            'any_deps_missing',
          ),
        ),
        not(dependencies(inProgress, 'any_deps_in_progress')),
        not(inProgress),
      ],
    });
  });

  test('parts are replaced by their label, and selections narrow dependencies', () => {
    const changed = automation.eager().replace('any_deps_missing', automation.never());
    expect(JSON.stringify(changed)).not.toContain('any_deps_missing');
    expect(automation.anyDepsMatch(automation.missing()).ignore('group:raw').toSpec()).toEqual({
      op: 'any_deps_match',
      operand: { op: 'missing' },
      ignore: 'group:raw',
    });
    expect(automation.inLatestTimeWindow('2d').toSpec()).toEqual({
      op: 'in_latest_time_window',
      lookbackSeconds: 172_800,
    });
  });

  test('a narrowing reaches the dependencies within, and adds to one that is there', () => {
    const narrowed = automation.eager().ignore('a').ignore('b').toSpec();
    const found = JSON.stringify(narrowed).match(/"ignore":"[^"]*"/g);
    expect(found).toEqual(Array(3).fill('"ignore":"(a) or (b)"'));
    const hidden = automation.anyDepsMissing().newlyTrue();
    expect(hidden.allow('a').toSpec()).toEqual(hidden.toSpec());
  });

  test('a part is taken out, as long as it is there and two are left', () => {
    const without = automation.eager().without(automation.inLatestTimeWindow()).toSpec();
    expect(without.operands).toHaveLength(4);
    expect(without.label).toBe('eager');
    const two = automation.missing().and(automation.inProgress().not());
    expect(() => two.without(automation.missing())).toThrow('fewer than two parts');
    expect(() => two.without(automation.executionFailed())).toThrow("no part 'execution_failed'");
    expect(() => automation.missing().without(automation.missing())).toThrow("this is 'missing'");
  });

  test('conjunctions without a label become one', () => {
    const [a, b, c] = [automation.missing(), automation.inProgress(), automation.executionFailed()];
    expect(a.and(b).and(c).toSpec()).toEqual(a.and(b, c).toSpec());
    expect(a.or(b).withLabel('x').or(c).toSpec().operands).toHaveLength(2);
  });

  test('are plain data', () => {
    for (const condition of [
      automation.eager(),
      automation.onCron('@daily', 'Europe/Berlin'),
      automation.onMissing(),
    ]) {
      expect(JSON.parse(JSON.stringify(condition))).toEqual(condition.toSpec());
    }
  });
});

describe('conditions on checks', () => {
  const orders = asset({ key: 'orders', run: () => 1 });
  const nightly = assetCheck({
    asset: orders,
    name: 'complete',
    automation: automation.onCron('0 6 * * *'),
    run: () => true,
  });
  const plain = assetCheck({ asset: orders, name: 'plain', run: () => true });

  test('are part of the manifest, and bring the sensor that evaluates them', () => {
    const manifest = define({ assets: [orders], assetChecks: [nightly, plain] }).manifest('shop');
    const conditions = manifest.assetChecks.map(({ name, automationCondition }) => [
      name,
      automationCondition,
    ]);
    expect(conditions).toEqual([
      ['complete', automation.onCron('0 6 * * *').toSpec()],
      ['plain', undefined],
    ]);
    expect(manifest.sensors).toMatchObject([{ kind: 'AUTOMATION', assets: ['orders'] }]);
  });
});

describe('conditions on jobs', () => {
  const orders = asset({ key: 'orders', run: () => 1 });
  const condition = automation.onCron('0 6 * * *');

  test('are part of the manifest, and bring the sensor that evaluates them', () => {
    const report = defineAssetJob({ name: 'report', select: [orders], automation: condition });
    const manifest = define({ assets: [orders], jobs: [report] }).manifest('shop');
    expect(manifest.jobs.find(({ name }) => name === 'report')?.automationCondition).toEqual(
      condition.toSpec(),
    );
    expect(manifest.sensors).toMatchObject([{ kind: 'AUTOMATION', assets: ['orders'] }]);
  });

  test('hold for each partition where the job is partitioned', () => {
    const daily = dailyPartitions({ start: '2026-01-01' });
    const report = defineAssetJob({
      name: 'report',
      select: [orders],
      partitions: daily,
      automation: condition,
    });
    const { jobs } = define({ assets: [orders], jobs: [report] }).manifest('shop');
    expect(jobs.find(({ name }) => name === 'report')).toMatchObject({
      partitions: daily,
      automationCondition: condition.toSpec(),
    });
  });
});
