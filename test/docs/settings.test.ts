import { TAG } from '../../lib/model/tags';
import { instanceSettingsSchema } from '../../lib/settings/instance-settings';
import { knownKeys } from '../../lib/settings/known-keys';
import { workspaceSettingsSchema } from '../../lib/settings/workspace-settings';
import { textOf } from './support/pages';

/** Rows of a chapter's table: the names in its first cell, and the cell of the default. */
function rowsOf(
  chapter: string,
): readonly { readonly names: readonly string[]; readonly standard: string }[] {
  const text = textOf('docs/settings.md').split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...text.matchAll(/^\| (`.*?) \| (.*?) \|/gm)];
  return rows.map(([, cell = '', standard = '']) => ({
    names: [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    standard,
  }));
}

const namesOf = (chapter: string): readonly string[] => rowsOf(chapter).flatMap(({ names }) => names);

/** Every key of headrace.yaml that has no keys below it. */
function leaves(path: readonly string[] = []): readonly string[] {
  const below = knownKeys(instanceSettingsSchema, path);
  return below.length === 0 ? [path.join('.')] : below.flatMap((key) => leaves([...path, key]));
}

/** Spelled as in Dagster, beside the newer spelling that has a row. */
const isOlderSpelling = (key: string): boolean => /^(run_queue|retention\.auto_materialize)\./.test(key);

function valueAt(raw: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], raw);
}

test('every key of headrace.yaml is on the page, by itself or with what it belongs to', () => {
  const documented = namesOf('headrace.yaml');
  const missing = leaves().filter(
    (leaf) =>
      !isOlderSpelling(leaf) && !documented.some((name) => leaf === name || leaf.startsWith(`${name}.`)),
  );

  expect(leaves().length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});

test('no key is on the page that headrace.yaml does not take', () => {
  const unknown = namesOf('headrace.yaml').filter((name) => {
    const path = name.split('.');
    return !knownKeys(instanceSettingsSchema, path.slice(0, -1)).includes(path.at(-1) ?? '');
  });

  expect(unknown).toEqual([]);
});

test('defaults on the page are those of the code', () => {
  const raw: unknown = instanceSettingsSchema.parse({});
  const simple = rowsOf('headrace.yaml').flatMap(({ names, standard }) =>
    names.flatMap((name) => {
      const value = valueAt(raw, name);
      return ['number', 'string', 'boolean'].includes(typeof value) ? [{ name, value, standard }] : [];
    }),
  );

  expect(simple.length).toBeGreaterThan(20);
  expect(simple.map(({ name, standard }) => [name, standard.replaceAll('`', '')])).toEqual(
    simple.map(({ name, value }) => [name, String(value)]),
  );
});

test('the keys of a code location are those that workspace.yaml takes', () => {
  const keys = knownKeys(workspaceSettingsSchema, ['code_locations', 0]).filter((key) => key !== 'path');

  expect([...namesOf('workspace.yaml')].sort()).toEqual([...keys].sort());
});

test('tags on the page are tags of the system', () => {
  const tags = namesOf('Tags of a run');

  expect(tags.length).toBeGreaterThan(9);
  expect(tags.filter((tag) => !(Object.values(TAG) as string[]).includes(tag))).toEqual([]);
});
