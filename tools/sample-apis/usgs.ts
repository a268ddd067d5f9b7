import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../lib/model/json';
import {
  type ApiAnswer,
  type ApiRequest,
  integerParam,
  jsonAnswer,
  recordsAnswer,
  type SampleService,
} from './answer';
import { vegaDataset } from './packages';

const BASE = '/fdsnws/event/1';
/** The service's own limit: https://earthquake.usgs.gov/fdsnws/event/1/ ("limit"). */
const MAX_LIMIT = 20_000;
const DAY_MS = 86_400_000;
/** A query without starttime covers the last 30 days (same page). */
const DEFAULT_DAYS = 30;

interface Event extends JsonObject {
  readonly id: string;
  readonly properties: JsonObject & { readonly mag: number; readonly time: number; readonly updated: number };
  readonly geometry: JsonObject & { readonly coordinates: readonly [number, number, number] };
}

/** How the USGS stand-in behaves. */
export interface UsgsOptions {
  /** Moves every time by whole days so that the newest event falls on this UTC day. Default: real dates. */
  readonly shiftTo?: string;
}

/** The USGS event service (`/query`, `/count`, GeoJSON) over the week of events in `vega-datasets`. */
export function usgsService(options: UsgsOptions = {}): SampleService {
  let dataset: { events: readonly Event[]; now: number } | undefined;
  return (request) => {
    if (request.path !== `${BASE}/query` && request.path !== `${BASE}/count`) return undefined;
    dataset ??= readDataset(options.shiftTo);
    return answer(request, dataset.events, dataset.now);
  };
}

function readDataset(shiftTo: string | undefined): { events: readonly Event[]; now: number } {
  const file: { metadata: { generated: number }; features: Event[] } = JSON.parse(
    readFileSync(vegaDataset('earthquakes.json'), 'utf8'),
  );
  const newest = Math.max(...file.features.map((event) => event.properties.time));
  const shift = shiftTo === undefined ? 0 : startOfDay(Date.parse(shiftTo)) - startOfDay(newest);
  if (Number.isNaN(shift)) throw new Error(`sample-apis: shiftTo "${shiftTo}" is no date; use YYYY-MM-DD.`);
  const events = file.features.map((event) => ({
    ...event,
    properties: {
      ...event.properties,
      time: event.properties.time + shift,
      updated: event.properties.updated + shift,
    },
  }));
  return { events, now: file.metadata.generated + shift };
}

function answer(request: ApiRequest, all: readonly Event[], now: number): ApiAnswer {
  const { query } = request;
  const format = query.get('format');
  const limit = integerParam(query, 'limit');
  const offset = integerParam(query, 'offset') ?? 1;
  const start = instant(query.get('starttime')) ?? now - DEFAULT_DAYS * DAY_MS;
  const end = instant(query.get('endtime')) ?? now;
  const updatedAfter = instant(query.get('updatedafter')) ?? Number.NEGATIVE_INFINITY;
  const minMagnitude = Number(query.get('minmagnitude') ?? Number.NEGATIVE_INFINITY);
  const compare = ORDERS[query.get('orderby') ?? 'time'];

  if (Number.isNaN(start)) return badRequest(request, `Bad starttime value "${query.get('starttime')}".`);
  if (Number.isNaN(end)) return badRequest(request, `Bad endtime value "${query.get('endtime')}".`);
  if (Number.isNaN(updatedAfter)) return badRequest(request, 'Bad updatedafter value.');
  if (Number.isNaN(minMagnitude)) return badRequest(request, 'Bad minmagnitude value.');
  if (compare === undefined) return badRequest(request, `Bad orderby value "${query.get('orderby')}".`);
  if (limit !== undefined && !(limit >= 1 && limit <= MAX_LIMIT)) {
    return badRequest(
      request,
      `Bad limit value "${query.get('limit')}". Valid values are 1 to ${MAX_LIMIT}.`,
    );
  }
  if (!(offset >= 1)) {
    return badRequest(request, `Bad offset value "${query.get('offset')}". Valid values are 1 or more.`);
  }

  const matching = all.filter(
    ({ properties: { time, updated, mag } }) =>
      time >= start && time <= end && updated > updatedAfter && mag >= minMagnitude,
  );
  if (request.path.endsWith('/count')) {
    if (format === 'geojson') return jsonAnswer(200, { count: matching.length, maxAllowed: MAX_LIMIT });
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(matching.length) };
  }
  if (format !== 'geojson') {
    return badRequest(request, `This stand-in only answers format=geojson, not "${format ?? 'quakeml'}".`);
  }
  const page = [...matching].sort(compare).slice(offset - 1, offset - 1 + (limit ?? MAX_LIMIT));
  return recordsAnswer(page, 'id', {}, (features) => ({
    type: 'FeatureCollection',
    metadata: {
      generated: now,
      url: `${request.origin}${request.path}?${query}`,
      title: 'USGS Earthquakes',
      status: 200,
      api: '1.5.8',
      ...(limit === undefined ? {} : { limit }),
      offset,
      count: features.length,
    },
    features,
    ...(page.length === 0 ? {} : { bbox: boundingBox(page) }),
  }));
}

const ORDERS: Readonly<Record<string, (a: Event, b: Event) => number>> = {
  time: (a, b) => b.properties.time - a.properties.time,
  'time-asc': (a, b) => a.properties.time - b.properties.time,
  magnitude: (a, b) => b.properties.mag - a.properties.mag,
  'magnitude-asc': (a, b) => a.properties.mag - b.properties.mag,
};

/** ISO 8601, UTC unless it says otherwise, as the service reads it. */
function instant(text: string | null): number | undefined {
  if (text === null) return undefined;
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T');
  return Date.parse(zoned ? text : `${text}Z`);
}

function startOfDay(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

function boundingBox(events: readonly Event[]): number[] {
  const axis = (index: 0 | 1 | 2) => events.map((event) => event.geometry.coordinates[index]);
  const axes = [axis(0), axis(1), axis(2)];
  return [...axes.map((values) => Math.min(...values)), ...axes.map((values) => Math.max(...values))];
}

function badRequest(request: ApiRequest, reason: string): ApiAnswer {
  const body = `Error 400: Bad Request\n\n${reason}\n\nRequest:\n${request.path}?${request.query}\n`;
  return { status: 400, headers: { 'content-type': 'text/plain' }, body };
}
