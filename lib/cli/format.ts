/** Cells of one row; numbers are right-aligned and grouped. */
export type Cell = string | number | null;

/** A plain-text table with aligned columns, as every list command prints. Empty rows give the empty string. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const text = rows.map((row) => row.map(cell));
  const widths = header.map((title, i) => Math.max(title.length, ...text.map((row) => row[i]?.length ?? 0)));
  const isNumeric = header.map((_, i) => rows.every((row) => typeof row[i] === 'number' || row[i] === null));
  const line = (cells: readonly string[]): string =>
    cells
      .map((value, i) => (isNumeric[i] ? value.padStart(widths[i] ?? 0) : value.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header.map((title) => title.toUpperCase())), ...text.map(line)].join('\n');
}

function cell(value: Cell): string {
  if (value === null) return '—';
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : value;
}

/** `820 ms`, `4.2 s`, `1m 08s`, `2h 40m`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes}m ${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

/** `2026-11-23 14:30:04`, in the terminal's zone. */
export function instant(epochMs: number | null): string {
  if (epochMs === null) return '—';
  const date = new Date(epochMs);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** `14:30:04`, in the terminal's zone. */
export function timeOfDay(epochMs: number): string {
  return instant(epochMs).slice(11);
}

/** The first characters of an id, enough for people; every command takes such a prefix. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** Colours, when the stream is a terminal that wants them (https://no-color.org). */
export interface Palette {
  dim(text: string): string;
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** @param enabled `stream.isTTY` and not NO_COLOR */
export function palette(enabled: boolean): Palette {
  const wrap =
    (code: number) =>
    (text: string): string =>
      enabled ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { dim: wrap(2), bold: wrap(1), good: wrap(32), bad: wrap(31), warn: wrap(33) };
}
