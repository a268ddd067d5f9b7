import { describe, expect, test } from '@jest/globals';
import { automation } from 'headrace';

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
