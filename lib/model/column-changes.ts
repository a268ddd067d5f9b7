import type { TableColumn } from './metadata';

/**
 * What became of a table's columns, in words; their order does not count.
 *
 * @example compareColumns([{ name: 'id', type: 'INT' }], [{ name: 'id', type: 'TEXT' }]) // ['id has type TEXT instead of INT']
 */
export function compareColumns(
  before: readonly TableColumn[],
  after: readonly TableColumn[],
): readonly string[] {
  const old = new Map(before.map(({ name, type }) => [name, type]));
  const now = new Map(after.map(({ name, type }) => [name, type]));
  return [
    ...[...now.keys()].filter((name) => !old.has(name)).map((name) => `${name} was added`),
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `${name} was removed`),
    ...[...now].flatMap(([name, type]) => {
      const was = old.get(name);
      return was === undefined || was === type ? [] : [`${name} has type ${type} instead of ${was}`];
    }),
  ];
}
