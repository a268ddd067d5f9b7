import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Source, SourceRecord } from 'headrace/rest';

const BATCH = 1000;

/** A file of JSON lines as a source; file and line identify a record, so that loading it twice changes nothing. */
export function jsonLines(path: string): Source {
  const file = basename(path);
  return {
    name: 'inbox',
    primaryKey: ['file', 'line'],
    async *read({ signal } = {}) {
      let records: SourceRecord[] = [];
      let line = 0;
      for await (const text of createInterface({ input: createReadStream(path, { signal }) })) {
        line++;
        if (text.trim() === '') continue;
        records.push({ file, line, record: parse(text, path, line) });
        if (records.length < BATCH) continue;
        yield { records };
        records = [];
      }
      if (records.length > 0) yield { records };
    },
  };
}

function parse(text: string, path: string, line: number): SourceRecord {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path}, line ${line}: not JSON: ${text.slice(0, 100)}`, { cause });
  }
}
