import { compareColumns } from '../../lib/model/column-changes';

test('tells which columns were added, removed or have another type, whatever their order', () => {
  const before = [
    { name: 'id', type: 'INT' },
    { name: 'old', type: 'TEXT' },
    { name: 'same', type: 'DATE' },
  ];
  const after = [
    { name: 'same', type: 'DATE', description: 'now described' },
    { name: 'new', type: 'TEXT' },
    { name: 'id', type: 'TEXT' },
  ];
  expect(compareColumns(before, after)).toEqual([
    'new was added',
    'old was removed',
    'id has type TEXT instead of INT',
  ]);
  expect(compareColumns(before, before.toReversed())).toEqual([]);
});
