const CONTEXT_LINES = 2;

/**
 * The lines around a place, with their numbers and the place marked.
 *
 * @param line 1-based
 * @param column 1-based; without it only the line is marked
 */
export function codeFrame(text: string, line: number, column?: number): string | undefined {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length) return undefined;
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const mark = number === line ? '>' : ' ';
    shown.push(`${mark} ${String(number).padStart(width)} | ${lines[number - 1]}`.trimEnd());
    if (number === line && column !== undefined) {
      shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
    }
  }
  return shown.join('\n');
}
