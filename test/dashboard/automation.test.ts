import { describe, expect, it } from '@jest/globals';
import { passesAutomationFilter } from '../../dashboard/src/features/automation/automation-filter';
import {
  type AutomationRow,
  conditionRows,
  conditionText,
  isOn,
  nextAt,
  rowName,
  rowTarget,
  rowTiming,
} from '../../dashboard/src/features/automation/automation-row';
import {
  type EvaluationNode,
  type EvaluationRecord,
  evaluationTree,
  whatHeldBack,
} from '../../dashboard/src/features/automation/evaluation-tree';
import type { SensorRow } from '../../dashboard/src/features/sensors/sensor-row';
import { automationRoot } from '../support/dashboard-fixture-automation';
import { createFixtureState, location, toRepository } from '../support/dashboard-fixture-data';

const NOW = Date.UTC(2026, 10, 23, 14);
const [held, asked] = automationRoot({ now: NOW }, 'run').assetConditionEvaluationRecordsOrError({
  assetKey: { path: ['mart_seismic_daily'] },
  limit: 2,
}).records as EvaluationRecord[];

const outline = (node: EvaluationNode): unknown[] => [
  [node.entity, node.text, node.outcome].filter((part) => part !== null).join(' '),
  ...node.children.map(outline),
];

describe('an evaluation', () => {
  it('is a tree of words that names an asset only where another one is asked', () => {
    const root = held && evaluationTree(held);

    expect(root && outline({ ...root, entity: null })).toEqual([
      'eager false',
      ['in latest time window true'],
      [
        'since true',
        [
          'any of true',
          ['newly missing false'],
          ['any deps updated true', ['stg_earthquakes newly updated true']],
        ],
        ['handled false'],
      ],
      ['not false', ['any deps missing true', ['stg_earthquakes missing true']]],
      ['not unasked', ['any deps in progress unasked']],
      ['not unasked', ['execution in progress unasked']],
    ]);
    expect(root?.children[1]?.since?.triggered).toBeGreaterThan(root?.children[1]?.since?.reset ?? Infinity);
  });

  it('says what held it back, and nothing when it asked', () => {
    const of = (record: EvaluationRecord | undefined) => {
      const root = record && evaluationTree(record);
      return root && whatHeldBack(root);
    };

    expect(of(held)).toEqual({ text: 'any deps missing', is: 'true' });
    expect(of(asked)).toBeUndefined();
  });

  it('whose root is not there is no tree', () => {
    expect(held && evaluationTree({ ...held, rootUniqueId: 'elsewhere' })).toBeUndefined();
  });
});

describe('the list of automation', () => {
  const state = createFixtureState(NOW);
  const repository = toRepository(state);
  const sensors = repository.sensors.map(
    (sensor) =>
      ({
        id: `${location}:${sensor.name}`,
        sensor: {
          ...sensor,
          sensorState: { ...sensor.sensorState, status: sensor.sensorState.status(), ticks: [] },
        },
        repositoryName: repository.name,
        locationName: location,
      }) as unknown as SensorRow,
  );
  const answer = {
    __typename: 'RepositoryConnection',
    nodes: [
      {
        ...repository,
        jobs: [{ id: 'j', name: 'nightly', automationCondition: { label: null, expandedLabel: [] } }],
      },
    ],
  } as unknown as Parameters<typeof conditionRows>[0];
  const rows = conditionRows(answer, sensors);
  const one = (name: string): AutomationRow => {
    const row = rows.find((each) => rowName(each) === name);
    if (!row) throw new Error(`no row ${name}`);
    return row;
  };

  it('has a condition of each asset and job that has one, with the sensor that evaluates it', () => {
    expect(rows.map(rowName)).toEqual([
      'raw/earthquakes',
      'mart_seismic_daily',
      'mart_contributors',
      'nightly',
    ]);
    expect(rowTiming(one('raw/earthquakes'))).toEqual([
      'on_cron',
      'evaluated by default_automation_condition_sensor',
    ]);
    expect(rowTarget(one('nightly'))).toBe('the job');
    expect(isOn(one('raw/earthquakes'))).toBe(true);
    expect(nextAt(one('raw/earthquakes'))).toBe(NOW + 12_000);
  });

  it('shows a condition that no sensor evaluates as off', () => {
    const [alone] = conditionRows(answer, []);

    expect(alone && [isOn(alone), nextAt(alone), rowTiming(alone)[1]]).toEqual([
      false,
      null,
      'no sensor evaluates it',
    ]);
  });

  it.each([
    ['mart_*', 2],
    ['status:off', 0],
    ['-name:nightly location:orchestration', 3],
    ['target:job', 1],
  ])('keeps by %s %d conditions', (text, count) => {
    expect(rows.filter((row) => passesAutomationFilter(row, text))).toHaveLength(count);
  });

  it('writes a condition in words', () => {
    expect(conditionText(['(missing)', 'AND', '(NOT (in_progress))'])).toBe(
      '(missing) and (not (in progress))',
    );
  });
});
