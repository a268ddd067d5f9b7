import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SampleApis, startSampleApis } from '../../tools/sample-apis/server';

interface Feature {
  id: string;
  properties: { time: number; mag: number };
}

describe('sample APIs', () => {
  let api: SampleApis;
  let now: number;
  beforeEach(async () => {
    now = Date.parse('2026-01-01T00:00:00Z');
    api = await startSampleApis({
      github: { token: 'right', rateLimit: { limit: 3, windowSeconds: 60 }, now: () => now },
    });
  });
  afterEach(() => api.close());

  const github = '/repos/octokit-fixture-org/paginate-issues/issues';
  const authorized = { authorization: 'Bearer right' };

  describe('USGS', () => {
    const features = async (query: string): Promise<Feature[]> => {
      const answer = await fetch(`${api.url}/fdsnws/event/1/query?format=geojson&${query}`);
      return ((await answer.json()) as { features: Feature[] }).features;
    };

    it('gives the whole week in pages without gaps or repeats', async () => {
      const pages = [1, 1001].map((offset) => features(`orderby=time-asc&limit=1000&offset=${offset}`));
      const events = (await Promise.all(pages)).flat();

      expect(events).toHaveLength(1707);
      expect(new Set(events.map((event) => event.id)).size).toBe(1707);
      const times = events.map((event) => event.properties.time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(new Date(times[0] ?? 0).toISOString()).toBe('2018-01-31T01:49:59.650Z');
    });

    it('counts the events of one day as it lists them', async () => {
      const window = 'starttime=2018-02-04&endtime=2018-02-05';
      const count = await fetch(`${api.url}/fdsnws/event/1/count?format=geojson&${window}`);

      expect(await count.json()).toEqual({ count: 301, maxAllowed: 20_000 });
      expect(await features(window)).toHaveLength(301);
    });

    it('refuses an offset of 0 as the real service does', async () => {
      const answer = await fetch(`${api.url}/fdsnws/event/1/query?format=geojson&offset=0`);

      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('Bad offset value "0"');
    });

    it('moves events by whole days when asked to', async () => {
      const shifted = await startSampleApis({ usgs: { shiftTo: '2026-11-02' } });
      const answer = await fetch(`${shifted.url}/fdsnws/event/1/query?format=geojson&limit=1`);
      const [newest] = ((await answer.json()) as { features: Feature[] }).features;
      await shifted.close();

      expect(new Date(newest?.properties.time ?? 0).toISOString()).toBe('2026-11-02T01:26:13.840Z');
    });
  });

  describe('GitHub', () => {
    it('pages through Link headers', async () => {
      const first = await fetch(`${api.url}${github}?state=all&per_page=10`, { headers: authorized });
      const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
      const second = await fetch(next, { headers: authorized });

      expect(await first.json()).toHaveLength(10);
      expect(await second.json()).toHaveLength(3);
      expect(second.headers.get('link')).not.toContain('rel="next"');
    });

    it('selects by since and answers users and comments', async () => {
      const since = await fetch(`${api.url}${github}?state=all&since=2022-07-19T04:39:10Z`, {
        headers: authorized,
      });
      const user = await fetch(`${api.url}/users/octokit-fixture-user-a`, { headers: authorized });
      const comments = await fetch(`${api.url}${github}/comments`, { headers: authorized });

      expect(((await since.json()) as { number: number }[]).map((issue) => issue.number)).toEqual([
        13, 12, 11,
      ]);
      expect(await user.json()).toMatchObject({ login: 'octokit-fixture-user-a', type: 'User' });
      expect(await comments.json()).toEqual([]);
    });

    it('answers 401 to a wrong token and to none', async () => {
      const wrong = await fetch(`${api.url}${github}`, { headers: { authorization: 'Bearer wrong' } });

      expect(wrong.status).toBe(401);
      expect((await fetch(`${api.url}${github}`)).status).toBe(401);
    });

    it('answers 304 to a known ETag without using up the quota', async () => {
      const first = await fetch(`${api.url}${github}`, { headers: authorized });
      const etag = first.headers.get('etag') ?? '';
      const second = await fetch(`${api.url}${github}`, {
        headers: { ...authorized, 'if-none-match': etag },
      });

      expect(second.status).toBe(304);
      expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
    });

    it('refuses when the quota is used up and serves again after the reset', async () => {
      const statuses: number[] = [];
      for (let i = 0; i < 4; i++) {
        const answer = await fetch(`${api.url}${github}`, { headers: authorized });
        statuses.push(answer.status);
        if (answer.status === 403) expect(answer.headers.get('retry-after')).toBe('60');
      }
      now += 60_000;
      const later = await fetch(`${api.url}${github}`, { headers: authorized });

      expect(statuses).toEqual([200, 200, 200, 403]);
      expect(later.status).toBe(200);
    });
  });

  describe('flights and airports', () => {
    const ndjson = async (url: string) => {
      const answer = await fetch(url);
      const lines = (await answer.text()).trimEnd().split('\n');
      const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
      return { rows: lines.map((line) => JSON.parse(line) as { row_number: number; date: string }), next };
    };

    it('gives the flights of an hour, in JSON and in lines', async () => {
      const hour = `${api.url}/flights?hour=2001-01-01T08`;
      const json = (await (await fetch(hour)).json()) as { data: { date: string }[]; next_cursor: null };
      const lines = await ndjson(`${hour}&format=ndjson`);

      expect(json.data.length).toBeGreaterThan(100);
      expect(json.data.every(({ date }) => date.startsWith('2001-01-01T08:'))).toBe(true);
      expect(json.next_cursor).toBeNull();
      expect(lines.rows).toEqual(json.data);
    });

    it('repeats a window with row numbers that stay unique, across page borders', async () => {
      const numbers: number[] = [];
      const start = `${api.url}/flights?hour=2001-01-01T08&repeat=3&rows=900&limit=250&format=ndjson`;
      for (let next: string | undefined = start; next !== undefined; ) {
        const page = await ndjson(next);
        numbers.push(...page.rows.map((row) => row.row_number));
        next = page.next;
      }

      expect(numbers).toHaveLength(900);
      expect(new Set(numbers).size).toBe(900);
    });

    it('serves the airports as the CSV has them', async () => {
      const airports = (await (await fetch(`${api.url}/airports`)).json()) as {
        iata: string;
        name: string;
      }[];

      expect(airports).toHaveLength(3376);
      expect(airports.find(({ iata }) => iata === 'LAX')).toEqual({
        iata: 'LAX',
        name: 'Los Angeles International',
        city: 'Los Angeles',
        state: 'CA',
        country: 'USA',
        latitude: 33.94253611,
        longitude: -118.4080744,
      });
    });
  });

  describe('faults', () => {
    const airports = () => fetch(`${api.url}/airports?per_page=2`);

    it('fires on the request it names, counts, and can be set over HTTP', async () => {
      await fetch(`${api.url}/__faults`, {
        method: 'POST',
        body: JSON.stringify({ kind: 'status', status: 503, retryAfter: 7, path: '/airports', nth: 2 }),
      });
      const answers = [await airports(), await airports(), await airports()];
      const report = await (await fetch(`${api.url}/__faults`)).json();

      expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
      expect(answers[1]?.headers.get('retry-after')).toBe('7');
      expect(report).toMatchObject([{ matched: 3, fired: 1 }]);
    });

    it('changes records as each kind says', async () => {
      api.faults.add({ kind: 'new-column', name: 'runways', value: 3 });
      api.faults.add({ kind: 'changed-type', field: 'latitude' });
      api.faults.add({ kind: 'null-key' });
      api.faults.add({ kind: 'big-text', field: 'notes', bytes: 1000 });
      const [first, second] = (await (await airports()).json()) as Record<string, unknown>[];

      expect(first).toMatchObject({ iata: null, runways: 3, latitude: '31.95376472' });
      expect(String(first?.notes)).toHaveLength(1000);
      expect(second).toMatchObject({ iata: '00R', runways: 3, latitude: '30.68586111' });
      expect(api.faults.fired()).toBe(4);
    });

    it('cuts pages and connections', async () => {
      api.faults.add({ kind: 'malformed', nth: 1 });
      api.faults.add({ kind: 'drop', nth: 2 });

      await expect(airports().then((answer) => answer.json())).rejects.toThrow('in JSON at position');
      await expect(airports().then((answer) => answer.text())).rejects.toThrow('terminated');
    });
  });
});
