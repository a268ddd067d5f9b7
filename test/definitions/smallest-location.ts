import { asset, define, schedule } from 'headrace';

export const quakes = asset({
  key: 'raw/quakes',
  retry: { maxRetries: 3, delay: '10s' },
  run: () => ({ rows: 3 }),
});
export const definitions = define({
  assets: quakes,
  schedules: schedule({ select: quakes, cron: '@hourly' }),
});
