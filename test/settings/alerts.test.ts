import { ALERT_TYPES } from '../../lib/model/alert';
import { loadInstanceSettings } from '../../lib/settings/load-settings';

const settings = (text: string) =>
  loadInstanceSettings({ file: 'headrace.yaml', text, environment: () => undefined });

test('People are told of everything, and a sensor turns itself off after 100 failures, unless the file says otherwise', () => {
  const { alerts, sensors, schedules } = settings('');
  expect(alerts).toEqual({ types: [...ALERT_TYPES], jobs: [], tags: {}, queueStuckAfter: 600 });
  expect(sensors.maxConsecutiveFailures).toBe(100);
  expect(schedules.maxConsecutiveFailures).toBe(0);
});

test('What people are told of can be narrowed', () => {
  const { alerts, sensors, schedules } = settings(`
alerts:
  types: [run_failure, tick_missed]
  jobs: [nightly, orchestration/hourly]
  tags: { team: data }
  queue_stuck_after_seconds: 60
sensors: { max_consecutive_failures: 0 }
schedules: { max_consecutive_failures: 3 }
`);
  expect(alerts).toEqual({
    types: ['run_failure', 'tick_missed'],
    jobs: ['nightly', 'orchestration/hourly'],
    tags: { team: 'data' },
    queueStuckAfter: 60,
  });
  expect([sensors.maxConsecutiveFailures, schedules.maxConsecutiveFailures]).toEqual([0, 3]);
});

test('A kind of alert that there is not is an error that names those there are', () => {
  expect(() => settings('alerts: {types: [run_failed]}')).toThrow(/alerts\.types\.0[\s\S]*run_failure/);
});
