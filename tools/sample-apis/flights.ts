import type { JsonObject } from '../../lib/model/json';
import { type ApiAnswer, type ApiRequest, integerParam, jsonAnswer, type SampleService } from './answer';
import { type FlightsTable, firstAtOrAfter, readFlights } from './flights-table';

const DEFAULT_LIMIT = 50_000;
const MAX_LIMIT = 100_000;
/** `repeat` serves the same records again, so that 3 million become any number; ten passes are plenty. */
const MAX_REPEAT = 10;

/** What one request asks for, as positions: `first` and `rows` of one pass, `passes` of them. */
interface Selection {
  readonly first: number;
  readonly rows: number;
  readonly total: number;
  readonly position: number;
  readonly limit: number;
  readonly ndjson: boolean;
}

/** `GET /flights`: 3 million US flights of 2001 in pages of up to 100,000, as JSON or NDJSON. */
export function flightsService(): SampleService {
  let loading: Promise<FlightsTable> | undefined;
  return async (request) => {
    if (request.path !== '/flights') return undefined;
    loading ??= readFlights();
    const table = await loading;
    const selection = parse(request, table);
    if (typeof selection === 'string') return jsonAnswer(400, { error: selection });
    return answer(request, table, selection);
  };
}

function parse(request: ApiRequest, table: FlightsTable): Selection | string {
  const { query } = request;
  const hour = query.get('hour');
  const from = hour === null ? minuteOf(query.get('start')) : minuteOf(`${hour}:00`);
  const to = hour === null ? minuteOf(query.get('end')) : from === undefined ? undefined : from + 60;
  if (Number.isNaN(from)) return `hour or start is no time like 2001-01-01T00 or 2001-01-01`;
  if (Number.isNaN(to)) return `end is no time like 2001-01-02`;
  const limit = integerParam(query, 'limit') ?? DEFAULT_LIMIT;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return `limit must be 1 to ${MAX_LIMIT}`;
  const repeat = integerParam(query, 'repeat') ?? 1;
  if (!(repeat >= 1 && repeat <= MAX_REPEAT)) return `repeat must be 1 to ${MAX_REPEAT}`;
  const most = integerParam(query, 'rows') ?? Number.MAX_SAFE_INTEGER;
  if (!(most >= 0)) return 'rows must be 0 or more';
  const cursor = query.get('cursor');
  const position = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isSafeInteger(position) || position < 0)
    return `cursor "${cursor}" was not given by this service`;

  const first = from === undefined ? 0 : firstAtOrAfter(table, from);
  const rows = Math.max(0, (to === undefined ? table.rows : firstAtOrAfter(table, to)) - first);
  const ndjson = query.get('format') === 'ndjson' || request.headers.accept === 'application/x-ndjson';
  return { first, rows, total: Math.min(rows * repeat, most), position, limit, ndjson };
}

function answer(request: ApiRequest, table: FlightsTable, selection: Selection): ApiAnswer {
  const { first, rows, total, position, limit, ndjson } = selection;
  const end = Math.min(total, position + limit);
  const next = end < total ? Buffer.from(String(end)).toString('base64url') : null;
  const lines = () => {
    const parts: string[] = [];
    // A page may cross from one pass over the window into the next.
    for (let at = position; at < end; ) {
      const pass = Math.floor(at / rows);
      const stop = Math.min(end, (pass + 1) * rows);
      const start = first + (at - pass * rows);
      parts.push(serialise(table, start, start + (stop - at), pass * table.rows));
      at = stop;
    }
    return parts.join('');
  };
  const wrap = (text: string) =>
    Buffer.from(
      ndjson
        ? text
        : `{"data":[${text.slice(0, -1).replaceAll('\n', ',')}],"next_cursor":${JSON.stringify(next)}}`,
      'utf8',
    );
  return {
    status: 200,
    headers: {
      'content-type': ndjson ? 'application/x-ndjson' : 'application/json; charset=utf-8',
      'x-total-count': String(total),
      ...(next === null ? {} : { link: nextLink(request, next) }),
    },
    page: {
      key: 'row_number',
      records: () =>
        lines()
          .split('\n')
          .slice(0, -1)
          .map((line): JsonObject => JSON.parse(line)),
      render: (changed) => wrap(changed === undefined ? lines() : toLines(changed)),
    },
  };
}

function toLines(records: readonly JsonObject[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** Rows [from, to) as NDJSON; by hand because it is ten times as fast as JSON.stringify, and the text is plain. */
function serialise(table: FlightsTable, from: number, to: number, offset: number): string {
  const { minute, delay, distance, origin, destination, airports } = table;
  let text = '';
  let lastMinute = Number.NaN;
  let date = '';
  for (let i = from; i < to; i++) {
    const at = minute[i] ?? 0;
    if (at !== lastMinute) {
      lastMinute = at;
      date = new Date(at * 60_000).toISOString().slice(0, 19);
    }
    text += `{"row_number":${i + offset},"date":"${date}","delay":${delay[i]},"distance":${distance[i]},"origin":"${airports[origin[i] ?? 0]}","destination":"${airports[destination[i] ?? 0]}"}\n`;
  }
  return text;
}

/** Minutes since 1970 of a local time; undefined when absent, NaN when it is none. */
function minuteOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const local = text.replace(/(Z|[+-]\d\d:\d\d)$/, '');
  return Date.parse(local.includes('T') ? `${local}Z` : local) / 60_000;
}

function nextLink(request: ApiRequest, cursor: string): string {
  const query = new URLSearchParams(request.query);
  query.set('cursor', cursor);
  return `<${request.origin}${request.path}?${query}>; rel="next"`;
}
