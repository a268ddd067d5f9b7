import { eventVersions } from '../../dashboard/src/features/assets/asset-event';
import {
  filterPartitions,
  keyParts,
  partitionFilterKeys,
} from '../../dashboard/src/features/assets/partition-rows';

const cells = [
  { key: 'jan|eu', kind: 'success' },
  { key: 'jan|us', kind: 'missing' },
  { key: 'feb|eu', kind: 'failure' },
] as const;
const names = ['month', 'region'];
const found = (text: string) => filterPartitions(cells, text, names).map(({ key }) => key);

test('partitions are filtered by status, by each dimension and by what their keys contain', () => {
  expect(found('')).toHaveLength(3);
  expect(found('status:missing,failed')).toEqual(['jan|us', 'feb|eu']);
  expect(found('month:jan region:eu')).toEqual(['jan|eu']);
  expect(found('-region:eu')).toEqual(['jan|us']);
  expect(found('month:j*')).toEqual(['jan|eu', 'jan|us']);
  expect(found('feb')).toEqual(['feb|eu']);
});

test('a token that the filter does not know hides nothing', () => {
  expect(found('nowhere:x')).toHaveLength(3);
});

test('the filter offers the statuses that there are, and the keys of each dimension once', () => {
  const keys = partitionFilterKeys(cells, names);

  expect(keys.map(({ key }) => key)).toEqual(['status', 'month', 'region']);
  expect(keys[0]?.values?.map(({ value }) => value)).toEqual(['materialized', 'failed', 'missing']);
  expect(keys[1]?.values?.map(({ value }) => value)).toEqual(['jan', 'feb']);
});

test('a key of one dimension is one part, whatever is in it', () => {
  expect(keyParts('a|b', ['only'])).toEqual(['a|b']);
  expect(keyParts('a|b', names)).toEqual(['a', 'b']);
});

test('versions of data and code are told from an event’s own tags', () => {
  expect(
    eventVersions([
      { key: 'dagster/data_version', value: 'd' },
      { key: 'dagster/code_version', value: 'c' },
      { key: 'dagster/input_data_version/raw/orders', value: 'i' },
      { key: 'team', value: 'x' },
    ]),
  ).toEqual({
    data: 'd',
    code: 'c',
    inputs: [{ asset: 'raw/orders', version: 'i' }],
    others: [{ key: 'team', value: 'x' }],
  });
});
