import { describe, expect, test } from '@jest/globals';
import { asset, define, schedule } from 'headrace';

describe('define', () => {
  test('the smallest asset with a retry and a schedule takes at most 11 lines', () => {
    // Prepare
    const quakes = asset({
      key: 'raw/quakes',
      retry: { maxRetries: 3, delay: '10s' },
      run: () => ({ rows: 3 }),
    });

    // Act
    const definitions = define({
      assets: [quakes],
      schedules: [schedule({ select: quakes, cron: '@hourly' })],
    });

    // Assess
    const manifest = definitions.manifest('orchestration');
    expect(manifest.schedules).toMatchObject([
      { name: 'raw__quakes_schedule', jobName: 'raw__quakes_job', cron: ['@hourly'] },
    ]);
    expect(manifest.ops).toMatchObject([{ retryPolicy: { maxRetries: 3, delaySeconds: 10 } }]);
    expect(manifest.jobs.map(({ name }) => name)).toEqual(['raw__quakes_job', '__ASSET_JOB']);
  });
});
