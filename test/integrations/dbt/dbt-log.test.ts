import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dbtGraph } from '../../../lib/integrations/dbt/dbt-graph';
import { type DbtNodeResult, parseDbtLogLine } from '../../../lib/integrations/dbt/dbt-log';
import { toCheckEvaluations, toMaterializations } from '../../../lib/integrations/dbt/to-result';
import { readManifest } from './manifest-fixture';

/** Lines that dbt 1.11 wrote, of two builds: one part of dbt_project, and test/fixtures/dbt-failing. */
const lines = readFileSync(new URL('../../fixtures/dbt-log.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const parsed = lines.map(parseDbtLogLine);
const results = new Map(
  parsed.flatMap((line) =>
    line.kind === 'node-finished' ? [[line.result.uniqueId, line.result] as const] : [],
  ),
);
const resultOf = (name: string): DbtNodeResult => {
  const found = [...results].find(([id]) => id.includes(name))?.[1];
  if (found === undefined) throw new Error(`no result of ${name}`);
  return found;
};

describe('a recorded log', () => {
  it('tells how each node ended', () => {
    expect(resultOf('model.analytics.stg_flights')).toMatchObject({
      ...{ resourceType: 'model', status: 'success', rowsAffected: null },
      seconds: expect.any(Number),
      queryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(resultOf('unit_test.analytics')).toMatchObject({ resourceType: 'unit_test', status: 'pass' });
    expect(resultOf('n_is_one.')).toMatchObject({ status: 'fail', failures: 2 });
    expect(resultOf('n_is_one_or_two')).toMatchObject({ status: 'warn', failures: 1 });
    expect(resultOf('model.failing.broken')).toMatchObject({
      status: 'error',
      message: expect.stringContaining('NO_SUCH_COLUMN'),
    });
    expect(resultOf('model.failing.after_broken').status).toBe('skipped');
  });

  it('counts rows only where dbt does: of seeds', () => {
    expect(resultOf('seed.analytics.magnitude_classes').rowsAffected).toBe(7);
    expect([...results.values()].filter(({ rowsAffected }) => rowsAffected !== null)).toHaveLength(1);
  });

  it('passes on what dbt says to people and keeps its chatter', () => {
    const said = parsed.flatMap((line) => (line.kind === 'message' ? [line.text] : []));
    expect(said).toEqual(expect.arrayContaining([expect.stringContaining('Running with dbt=1.11')]));
    expect(said.some((text) => /select\s+count/.test(text))).toBe(false);
  });

  it('takes a line that is no JSON as a message', () => {
    expect(parseDbtLogLine('Killed')).toEqual({ kind: 'message', level: 'info', text: 'Killed' });
  });
});

describe('results become events', () => {
  const graph = dbtGraph(readManifest());
  const [asset] = graph.assets;
  const [check] = graph.checks;
  if (asset === undefined || check === undefined) throw new Error('the manifest is empty');
  const warning = { ...check, severity: 'WARN' as const };

  it('only nodes that succeeded are materialized', () => {
    const materialized = (name: string) => toMaterializations(asset, resultOf(name)).length;
    expect(['model.analytics.stg_flights', 'broken', 'after_broken'].map(materialized)).toEqual([1, 0, 0]);
  });

  it.each([
    ['pass', check, [{ passed: true }]],
    ['fail', check, [{ passed: false, severity: 'ERROR' }]],
    ['fail', warning, [{ passed: false, severity: 'ERROR' }]],
    ['warn', check, [{ passed: false, severity: 'WARN' }]],
    ['error', check, [{ passed: false, severity: 'ERROR' }]],
    ['error', warning, [{ passed: false, severity: 'WARN' }]],
    ['skipped', check, []],
  ])('a test that ends with %s', (status, of, expected) => {
    const evaluations = toCheckEvaluations(of, { ...resultOf('n_is_one.'), status });
    expect(evaluations).toMatchObject(expected);
    expect(evaluations).toHaveLength(expected.length);
  });
});
