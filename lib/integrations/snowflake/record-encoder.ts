import type { SourceRecord } from '../../ingestion/batch';
import type { JsonValue } from '../../model/json';
import { type ColumnKind, kindOfText, widest } from './column-kinds';
import { SnowflakeRecordError, SnowflakeSchemaError } from './errors';
import { columnName } from './identifiers';

/**
 * A column as the records show it. Its values travel as text in one field of the file; from the first nested
 * value on they travel as JSON in another, so that what was written before stays readable.
 */
export interface SeenColumn {
  readonly key: string;
  readonly name: string;
  /** Kind of the values that travelled as text; null while all were null. */
  textKind: ColumnKind | null;
  /** Positions among the file's fields. */
  textField: number;
  jsonField: number | null;
  /** Of text, in UTF-16 units: an upper bound of the characters. */
  longestText: number;
  /** Magnitude of the largest integer. */
  largestInteger: number;
}

interface Field {
  readonly column: SeenColumn;
  readonly isJson: boolean;
}

/**
 * Turns records into CSV lines and learns the columns and their kinds on the way. A line holds the fields known
 * when it was written; fields are only ever added. The first is the record's position, so that no line is empty and the
 * last of equal keys is known.
 */
export class RecordEncoder {
  readonly columns: SeenColumn[] = [];
  readonly #fields: Field[] = [];
  readonly #byKey = new Map<string, SeenColumn>();
  readonly #primaryKey: readonly string[];
  readonly #source: string;
  #position = 0;

  /** @param source for error messages @param primaryKey keys that may not be null */
  constructor(source: string, primaryKey: readonly string[]) {
    this.#source = source;
    this.#primaryKey = primaryKey;
  }

  /** Records encoded so far. */
  get count(): number {
    return this.#position;
  }

  /** Fields of a line written now, the position included. */
  get fieldCount(): number {
    return this.#fields.length + 1;
  }

  /** Makes room for every column of these records, so that their lines have equally many fields. */
  prepare(records: readonly SourceRecord[]): void {
    for (const record of records) {
      let known = 0;
      for (const column of this.columns) {
        const value = record[column.key];
        if (value === undefined) continue;
        known++;
        if (typeof value === 'object' && value !== null) this.#needJson(column);
      }
      if (Object.keys(record).length !== known) this.#addColumns(record);
    }
  }

  /** One line without its line break. `prepare` must have seen the record. */
  encode(record: SourceRecord): string {
    const position = this.#position++;
    for (const key of this.#primaryKey) {
      const value = record[key];
      if (value === null || value === undefined || typeof value === 'object') {
        throw this.#unusableKey(record, key, position);
      }
    }
    let line = String(position);
    for (const { column, isJson } of this.#fields) {
      const value = record[column.key];
      line += ',';
      if (value === null || value === undefined) continue;
      if (isJson) line += quoteField(JSON.stringify(value));
      else if (column.jsonField === null) line += encodeText(column, value);
    }
    return line;
  }

  #addColumns(record: SourceRecord): void {
    for (const [key, value] of Object.entries(record)) {
      if (value === undefined || this.#byKey.has(key)) continue;
      const name = columnName(key);
      const twin = this.columns.find((column) => column.name === name);
      if (twin) {
        throw new SnowflakeSchemaError(
          `Source "${this.#source}" has the keys "${twin.key}" and "${key}", which are both column ${name}: rename one in the source.`,
        );
      }
      const column: SeenColumn = {
        ...{ key, name, textKind: null, textField: this.fieldCount, jsonField: null },
        ...{ longestText: 0, largestInteger: 0 },
      };
      this.#fields.push({ column, isJson: false });
      this.columns.push(column);
      this.#byKey.set(key, column);
      if (typeof value === 'object' && value !== null) this.#needJson(column);
    }
  }

  #needJson(column: SeenColumn): void {
    if (column.jsonField !== null) return;
    column.jsonField = this.fieldCount;
    this.#fields.push({ column, isJson: true });
  }

  #unusableKey(record: SourceRecord, key: string, position: number): SnowflakeRecordError {
    const shown = JSON.stringify(record).slice(0, 300);
    const problem = record[key] === null || record[key] === undefined ? 'no value' : 'a nested value';
    return new SnowflakeRecordError(
      `Record ${position + 1} of source "${this.#source}" has ${problem} for its primary key "${key}": ${shown}. Nothing was loaded. Filter such records in the source, or choose another primary key.`,
      position,
    );
  }
}

function encodeText(column: SeenColumn, value: JsonValue): string {
  switch (typeof value) {
    case 'number':
      if (Number.isSafeInteger(value)) {
        const magnitude = Math.abs(value);
        if (magnitude > column.largestInteger) column.largestInteger = magnitude;
        see(column, 'INTEGER');
      } else {
        see(column, 'FLOAT');
      }
      return String(value);
    case 'boolean':
      see(column, 'BOOLEAN');
      return value ? 'true' : 'false';
    case 'string':
      if (value.length > column.longestText) column.longestText = value.length;
      if (column.textKind !== 'VARCHAR') see(column, kindOfText(value));
      return quoteField(value);
    default:
      return '';
  }
}

function see(column: SeenColumn, kind: ColumnKind): void {
  if (column.textKind === kind) return;
  column.textKind = column.textKind === null ? kind : widest(column.textKind, kind);
}

const NEEDS_QUOTES = /[",\r\n\\]|^\s|\s$/;

/** An empty field is NULL, a quoted empty field is the empty string. */
function quoteField(text: string): string {
  if (text === '') return '""';
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
