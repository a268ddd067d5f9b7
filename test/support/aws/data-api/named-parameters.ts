/** A statement of the Data API in PostgreSQL's terms. */
export interface PositionalStatement {
  /** The text between the parameters: one more than there are parameters. */
  readonly texts: readonly string[];
  /** The names of the parameters, in order; a name may come twice. */
  readonly names: readonly string[];
  readonly isMultistatement: boolean;
  /** A `:name` inside a dollar-quoted text, which AWS would replace there too. */
  readonly dollarQuotedName: string | undefined;
}

/**
 * What AWS passes over and what it replaces: strings (with backslashes after E), quoted identifiers, comments (which
 * nest: see `blockComment`), dollar-quoted texts and casts are whole tokens; then a parameter, a semicolon, any text.
 */
const TOKEN =
  /(?<string>(?<![\w$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<comment>--[^\n]*)|(?<block>\/\*)|(?<dollar>(?<![\w$])(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\5)|(?<cast>::)|:(?<name>\w+)|(?<end>;)|(?<text>[\s\S])/gy;

/** Reads `:name` parameters as AWS does. */
export function readNamedParameters(sql: string): PositionalStatement {
  const texts: string[] = [];
  const names: string[] = [];
  let text = '';
  let hasEnded = false;
  let isMultistatement = false;
  let dollarQuotedName: string | undefined;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(sql); match !== null; match = TOKEN.exec(sql)) {
    const groups = match.groups ?? {};
    const isComment = groups.comment !== undefined || groups.block !== undefined;
    if (hasEnded && !isComment && /\S/.test(match[0])) isMultistatement = true;
    if (groups.end !== undefined) {
      hasEnded = true;
    } else if (groups.name !== undefined) {
      names.push(groups.name);
      texts.push(text);
      text = '';
    } else if (groups.block !== undefined) {
      const end = blockComment(sql, match.index);
      text += sql.slice(match.index, end);
      TOKEN.lastIndex = end;
    } else {
      if (groups.dollar !== undefined) dollarQuotedName ??= /(?<!:):(\w+)/.exec(groups.dollar)?.[1];
      text += match[0];
    }
  }
  return { texts: [...texts, text], names, isMultistatement, dollarQuotedName };
}

/** Where the comment that begins here ends; comments nest. */
function blockComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}
