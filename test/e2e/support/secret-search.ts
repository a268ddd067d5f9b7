import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Driver } from '../../../lib/adapters/postgres/driver';

/** A text that somebody may come to see, and where. */
export interface Seen {
  readonly where: string;
  readonly text: string;
}

/** Every row of every table of a database. */
export async function readDatabase(database: Driver): Promise<readonly Seen[]> {
  const tables = await database.query<string>(
    `select format('%I.%I', schemaname, tablename) from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const seen: Seen[] = [];
  for (const name of tables) {
    const rows = await database.query<string>(`select row_to_json(t)::text from ${name} t`);
    // What `bytea` holds stands there in hexadecimal digits.
    seen.push(...rows.map((row) => ({ where: `table ${name}`, text: row + fromHex(row) })));
  }
  return seen;
}

const fromHex = (row: string): string =>
  [...row.matchAll(/\\\\x((?:[0-9a-f]{2})+)"/g)]
    .map(([, digits = '']) => Buffer.from(digits, 'hex').toString('latin1'))
    .join('\n');

/** Every file below a folder; pieces of one log also one after another. */
export async function readFiles(
  folder: string,
  isLeftOut: (path: string) => boolean,
): Promise<readonly Seen[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isLeftOut(relative(folder, path)))
    .sort();
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(path, 'latin1') })),
  );
  const byFolder = Map.groupBy(files, ({ path }) => join(path, '..'));
  return [
    ...files.map(({ path, text }) => ({ where: `file ${relative(folder, path)}`, text })),
    ...[...byFolder].map(([parent, pieces]) => ({
      where: `files of ${relative(folder, parent)}`,
      text: pieces.map(({ text }) => text).join(''),
    })),
  ];
}

/**
 * Where a text is seen: as it is, in Base64 (at each of the three places where it may begin there), and its halves, of
 * which a line break or the edge of a chunk may leave one. Other encodings leave letters and digits as they are.
 *
 * @param text letters and digits only
 */
export function whereSeen(text: string, seen: readonly Seen[]): readonly string[] {
  const half = text.length / 2;
  const needles = [
    text.slice(0, half),
    text.slice(half),
    ...[0, 1, 2].map((offset) => base64Of(text, offset)),
  ];
  return seen
    .filter(({ text: shown }) => needles.some((each) => shown.includes(each)))
    .map(({ where }) => where);
}

/** The digits that stand for this text and nothing beside it. */
function base64Of(text: string, offset: number): string {
  const digits = Buffer.from('\0'.repeat(offset) + text).toString('base64');
  return digits.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + text.length) * 8) / 6));
}
