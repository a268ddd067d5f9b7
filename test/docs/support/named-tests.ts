import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const DOCS = resolve(import.meta.dirname, '../../../docs');

/**
 * The tests that a cell of a table names, `<br>` between them.
 *
 * @throws Error naming the file or the test that there is not, or a line that names none
 */
export function namedTests(cell: string): readonly string[] {
  return cell.split('<br>').map((line) => {
    const [, title = '', target = ''] = /^\[(.+)\]\((\.\.\/test\/[^)]+)\)$/.exec(line) ?? [];
    const path = join(DOCS, target);
    if (title === '') throw new Error(`"${line}" names no test.`);
    if (!existsSync(path)) throw new Error(`${target} does not exist.`);
    const source = readFileSync(path, 'utf8');
    const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``, `'${title.replaceAll("'", "\\'")}'`];
    if (!quoted.some((text) => source.includes(text))) throw new Error(`${target} has no test "${title}".`);
    return title;
  });
}
