import { lookUpEnvironment } from '../environment';
import { type Cell, type Palette, palette, table } from './format';

/** Where a command writes: people read lines and tables, programs ask for JSON. */
export interface Output {
  readonly json: boolean;
  readonly colours: Palette;
  /** For people only; silent under `--json`. */
  line(text?: string): void;
  /** The command's result: printed as JSON under `--json`, else by `human`. */
  result(value: unknown, human: () => void): void;
  /** Progress and warnings, on standard error. */
  note(text: string): void;
  table(header: readonly string[], rows: readonly (readonly Cell[])[], whenEmpty: string): void;
}

/** Output on the process's streams. */
export function processOutput(json: boolean): Output {
  const colours = palette(process.stdout.isTTY === true && lookUpEnvironment('NO_COLOR') === undefined);
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    json,
    colours,
    line: (text = '') => {
      if (!json) print(text);
    },
    result: (value, human) => {
      if (json) print(JSON.stringify(value, null, 2));
      else human();
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
    table: (header, rows, whenEmpty) => print(rows.length === 0 ? whenEmpty : table(header, rows)),
  };
}

/**
 * Resolves when all that was written so far has left the process, or nobody is there to take it. A pipe takes 64 KB at a
 * time: what does not fit waits for its reader, and would be lost if the process ended before.
 */
export const written = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });
