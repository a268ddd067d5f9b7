/**
 * The text of the JSDoc comment that stands right above a line, as Markdown; undefined when there is none. Tags
 * (`@example` ...) and what follows them are left out.
 *
 * @param lines the source's lines
 * @param line 1-based line of the statement
 */
export function docCommentAbove(lines: readonly string[], line: number): string | undefined {
  const end = line - 2;
  if (end < 0 || !lines[end]?.trimEnd().endsWith('*/')) return undefined;
  let start = end;
  while (start >= 0 && !lines[start]?.includes('/*')) start -= 1;
  const first = lines[start]?.trimStart();
  if (first === undefined || !first.startsWith('/**')) return undefined;
  const text = lines
    .slice(start, end + 1)
    .join('\n')
    .replace(/^\s*\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((each) => each.replace(/^\s*\* ?/, '').trimEnd());
  const tag = text.findIndex((each) => /^\s*@[a-z]/.test(each));
  const description = (tag < 0 ? text : text.slice(0, tag)).join('\n').trim();
  return description === '' ? undefined : description;
}
