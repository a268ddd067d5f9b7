import fc from 'fast-check';
import {
  formatFilter,
  matchesPattern,
  parseFilter,
  tokenProblem,
} from '../../dashboard/src/components/filter-tokens';
import { runFilterKeys, toRunsFilter } from '../../dashboard/src/features/runs/runs-filter';

describe('filter tokens', () => {
  it('reads keys, alternatives, exclusions, quotes and free text', () => {
    expect(parseFilter('job:ingest_* status:failed,canceled -tag:env=dev "two words" plain')).toEqual([
      { key: 'job', values: ['ingest_*'], exclude: false },
      { key: 'status', values: ['failed', 'canceled'], exclude: false },
      { key: 'tag', values: ['env=dev'], exclude: true },
      { key: '', values: ['two words'], exclude: false },
      { key: '', values: ['plain'], exclude: false },
    ]);
  });

  it('writes what it reads', () => {
    const word = fc.stringMatching(/^[a-z_*=][a-z0-9_*=]{0,8}$/);
    const token = fc.record({
      key: fc.constantFrom('job', 'status', 'tag'),
      values: fc.array(word, { minLength: 1, maxLength: 3 }),
      exclude: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        expect(parseFilter(formatFilter(tokens))).toEqual(tokens);
      }),
    );
  });

  it('says why a token cannot hold', () => {
    const keys = runFilterKeys();
    const problem = (text: string) => parseFilter(text).map((token) => tokenProblem(token, keys))[0];
    expect(problem('nosuch:x')).toContain('No filter “nosuch:”');
    expect(problem('status:')).toContain('needs a value');
    expect(problem('status:lost')).toContain('No status “lost”');
    expect(problem('bundle:a,b')).toContain('takes one value');
    expect(problem('-job:a')).toContain('cannot exclude');
    expect(problem('-job:a')).toContain('cannot exclude');
    expect(problem('created:soon')).toContain('6h, 7d or 2w');
    expect(problem('-status:success')).toBeUndefined();
  });

  it('matches parts of a text, and whole texts where a star stands', () => {
    expect(matchesPattern('raw/github_issues', 'GITHUB')).toBe(true);
    expect(matchesPattern('raw/github_issues', 'github*')).toBe(false);
    expect(matchesPattern('raw/github_issues', 'raw/*')).toBe(true);
    expect(matchesPattern('a.b', 'a?b')).toBe(false);
  });
});

describe('the filter of runs', () => {
  const now = Date.UTC(2026, 10, 23, 12);

  it('becomes the filter of the API', () => {
    expect(
      toRunsFilter('job:ingest status:failed,canceled tag:env=prod id:a,b created:24h', 'all', now),
    ).toEqual({
      pipelineName: 'ingest',
      statuses: ['FAILURE', 'CANCELED'],
      tags: [{ key: 'env', value: 'prod' }],
      runIds: ['a', 'b'],
      createdAfter: now / 1_000 - 86_400,
    });
  });

  it('takes several jobs, however they are written', () => {
    for (const text of ['job:ingest,transform', 'job:ingest job:transform', 'transform job:ingest,ingest'])
      expect([...(toRunsFilter(text, 'all', now).pipelineNames ?? [])].sort()).toEqual([
        'ingest',
        'transform',
      ]);
    expect(toRunsFilter('job:ingest,ingest status:failed', 'all', now)).toEqual({
      pipelineName: 'ingest',
      statuses: ['FAILURE'],
    });
  });

  it('knows what schedules, sensors and partitions are tagged with', () => {
    expect(toRunsFilter('bundle:3ac91f', 'all', now)).toEqual({ snapshotId: '3ac91f' });
    expect(toRunsFilter('user:a,b automation:eager', 'all', now).tags).toEqual([
      { key: 'user', value: 'a' },
      { key: 'user', value: 'b' },
      { key: 'dagster/sensor_name', value: 'eager' },
      { key: 'dagster/from_automation_condition', value: 'true' },
    ]);
    expect(toRunsFilter('schedule:nightly partition:2026-11-01', 'all', now)).toEqual({
      tags: [
        { key: 'dagster/schedule_name', value: 'nightly' },
        { key: 'dagster/partition', value: '2026-11-01' },
      ],
    });
  });

  it('narrows a tab by statuses and excludes from it', () => {
    expect(toRunsFilter('status:failed', 'queued', now).statuses).toEqual([]);
    expect(toRunsFilter('-status:running', 'progress', now).statuses).toEqual([
      'NOT_STARTED',
      'STARTING',
      'SUSPENDED',
      'CANCELING',
    ]);
  });

  it('leaves out red tokens instead of showing an empty page', () => {
    expect(toRunsFilter('nosuch:x bundle:a,b -job:c', 'all', now)).toEqual({});
  });
});
