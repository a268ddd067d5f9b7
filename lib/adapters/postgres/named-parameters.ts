import { PortError } from '../../ports/errors';

/**
 * Strings, quoted identifiers, line comments, dollar-quoted texts and casts are passed over whole. What the Data API
 * would take for a parameter of its own, and what this scanner does not read (block comments, escape strings), is
 * refused.
 */
const TOKEN =
  /(?<refused>(?<!\w)[eE]'|\/\*)|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|::|(?<quoted>(?<![\w$])(?<tag>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<tag>)|(?<![\w$])\$(?<number>\d+)|(?<named>:\w+)/g;

/**
 * Puts the Data API's named parameters in place of `$1`, `$2`, …
 *
 * @param reference what stands for a parameter, by its number
 * @throws {PortError} permanent, for statements that the Data API would read differently from PostgreSQL
 * @example toNamedParameters('select $1::uuid', (number) => `:p${number}`); // select :p1::uuid
 */
export function toNamedParameters(sql: string, reference: (number: number) => string): string {
  return sql.replace(TOKEN, (...match) => {
    const token: string = match[0];
    const groups: Readonly<Record<string, string | undefined>> = match.at(-1);
    // Inside dollar quotes too, the Data API replaces names.
    const refused = groups.refused ?? groups.named ?? /(?<!:):\w+/.exec(groups.quoted ?? '')?.[0];
    if (refused !== undefined) {
      throw new PortError(
        'permanent',
        `The Data API would misread "${refused}" in this statement; write it without: ${sql}`,
      );
    }
    return groups.number === undefined ? token : reference(Number(groups.number));
  });
}
