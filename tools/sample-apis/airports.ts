import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../lib/model/json';
import { etagOf, integerParam, jsonAnswer, matchesEtag, recordsAnswer, type SampleService } from './answer';
import { vegaDataset } from './packages';

/** `GET /airports`: every US airport in one page, or `?page=&per_page=`; with an ETag. */
export function airportsService(): SampleService {
  let airports: readonly JsonObject[] | undefined;
  return (request) => {
    if (request.path !== '/airports') return undefined;
    airports ??= readAirports();
    const perPage = integerParam(request.query, 'per_page') ?? airports.length;
    const page = integerParam(request.query, 'page') ?? 1;
    if (!(perPage >= 1 && page >= 1))
      return jsonAnswer(400, { error: 'page and per_page must be 1 or more' });
    const slice = airports.slice((page - 1) * perPage, page * perPage);
    const etag = etagOf(JSON.stringify(slice));
    if (matchesEtag(request.headers['if-none-match'], etag)) return { status: 304, headers: { etag } };
    return recordsAnswer(slice, 'iata', { etag });
  };
}

function readAirports(): readonly JsonObject[] {
  const [header = '', ...lines] = readFileSync(vegaDataset('airports.csv'), 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const values = csvFields(line);
    return Object.fromEntries(
      names.map((name, i) => {
        const value = values[i] ?? '';
        return [name, name === 'latitude' || name === 'longitude' ? Number(value) : value];
      }),
    );
  });
}

/** The fields of one CSV line (RFC 4180; no line breaks inside fields in this file). */
function csvFields(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, field = '']) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}
