import { heldValues, holdValues } from '../../dashboard/src/components/filter-tokens';
import { eventVersions } from '../../dashboard/src/features/assets/asset-event';
import { columnType } from '../../dashboard/src/features/assets/column-type';
import {
  dimensionValues,
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

test('each value of a dimension says how many of its partitions are made', () => {
  expect(dimensionValues(cells, names, 'region')).toEqual([
    { value: 'eu', all: 2, made: 1 },
    { value: 'us', all: 1, made: 0 },
  ]);
});

test('a filter is held to other values of a key, and keeps what else is asked and what is excluded', () => {
  const text = 'status:failed region:eu -region:us word';
  expect(heldValues(text, 'region')).toEqual(['eu']);
  expect(holdValues(text, 'region', ['asia', 'eu'])).toBe('status:failed -region:us word region:asia,eu');
  expect(holdValues(text, 'region', [])).toBe('status:failed -region:us word');
});

test('one value stays one, whatever is in it', () => {
  for (const value of ['a,b', 'a b', 'a, b'])
    expect(heldValues(holdValues('', 'region', [value]), 'region')).toEqual([value]);
});

test('a column has a type only where one is told', () => {
  expect(['NUMBER', 'unknown', ''].map(columnType)).toEqual(['NUMBER', undefined, undefined]);
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
