import { stackText } from '../../dashboard/src/components/format/stack-text';
import { partitionWords } from '../../dashboard/src/components/partition-grid';
import { byPartition } from '../../dashboard/src/features/assets/metadata-series';
import { stepTitles } from '../../dashboard/src/features/run/step-titles';

test('a stack reads the same whether its lines bring their own ends or not', () => {
  const lines = ['    at a (x.ts:1:1)', '    at b (y.ts:2:2)'];

  const bare = stackText({ message: 'no', stack: lines });

  expect(bare).toBe('no\n    at a (x.ts:1:1)\n    at b (y.ts:2:2)');
  expect(stackText({ message: 'no', stack: lines.map((line) => `${line}\n`) })).toBe(bare);
  expect(stackText({ message: 'no' })).toBe('no');
});

test('partitions by the clock are described in words, others as they are', () => {
  expect(partitionWords('0 0 * * * UTC, from 2018-01-31')).toBe('Daily at 00:00, UTC, from 2018-01-31');
  expect(partitionWords('0 * * * * Europe/Berlin, from 2018-01-31')).toBe(
    'Hourly, Europe/Berlin, from 2018-01-31',
  );
  expect(partitionWords('eu, us')).toBe('eu, us');
  expect(partitionWords(null)).toBeUndefined();
});

test('a plot by partition takes the last value of each, in the order of their keys', () => {
  const point = (at: number, partition: string | null, value: number) => ({
    at,
    partition,
    value,
    runId: 'run',
  });

  const points = byPartition([
    point(1, '2026-01-02', 20),
    point(2, null, 99),
    point(3, '2026-01-01', 10),
    point(4, '2026-01-02', 21),
  ]);

  expect(points.map(({ partition, value }) => [partition, value])).toEqual([
    ['2026-01-01', 10],
    ['2026-01-02', 21],
  ]);
});

test('a step is called by its asset only where it makes that asset alone', () => {
  const planned = (stepKey: string, ...path: string[]) => ({ stepKey, assetKey: { path } });

  const titles = stepTitles([
    planned('raw__orders', 'raw', 'orders'),
    planned('load_all', 'raw', 'customers'),
    { stepKey: 'other' },
  ] as never);

  expect([...titles]).toEqual([['raw__orders', 'raw/orders']]);
});
