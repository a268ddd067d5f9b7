import type { CodeLocationClient } from '../../lib/ports/code-location-client';

/**
 * What every `CodeLocationClient` does. The location under test is test/execution/support/bundle.ts, in whatever
 * form the adapter needs it.
 */
export function codeLocationClientContract(
  subject: () => {
    readonly client: CodeLocationClient;
    readonly location: string;
    readonly bundleHash: string;
  },
): void {
  const sensorRequest = (sensor: string, cursor: string | null = null) =>
    ({
      kind: 'evaluate-sensor',
      sensor,
      cursor,
      lastTickStartedAt: null,
      lastRunKey: null,
      runStatusChanges: [],
      assetUpdates: [],
    }) as const;
  const sensor = (name: string, options: { cursor?: string; timeoutSeconds?: number } = {}) => {
    const { client, location, bundleHash } = subject();
    const request = sensorRequest(name, options.cursor ?? null);
    return client.call<'evaluate-sensor'>(location, bundleHash, request, {
      timeoutSeconds: options.timeoutSeconds ?? 30,
    });
  };
  const schedule = (name: string) => {
    const { client, location, bundleHash } = subject();
    const request = { kind: 'evaluate-schedule', schedule: name, scheduledAt: 1_767_225_600_000 } as const;
    return client.call<'evaluate-schedule'>(location, bundleHash, request, { timeoutSeconds: 30 });
  };

  test('The manifest carries the name of its location', async () => {
    const { client, location, bundleHash } = subject();
    const manifest = await client.call<'manifest'>(
      location,
      bundleHash,
      { kind: 'manifest' },
      { timeoutSeconds: 30 },
    );
    expect(manifest.location).toBe(location);
    expect(manifest.ops.map(({ name }) => name)).toContain('hello');
  });

  test('A schedule is evaluated for its tick, and its log lines come back', async () => {
    const { result, logs } = await schedule('nightly');
    expect(result.runRequests.map(({ runKey }) => runKey)).toEqual(['1767225600000']);
    expect(logs).toEqual([
      { level: 'INFO', timestamp: expect.any(Number), message: 'evaluating 1767225600000' },
    ]);
  });

  test('A sensor gets its cursor and its resources', async () => {
    const { result } = await sensor('pid', { cursor: 'abc' });
    expect(result.cursor).toBe('abc+');
    expect(result.skipReason).toMatch(/vault open$/);
  });

  test('A config is checked by user code', async () => {
    const { client, location, bundleHash } = subject();
    const request = { kind: 'validate-config', job: 'job', config: { ops: {} } } as const;
    const answer = await client.call<'validate-config'>(location, bundleHash, request, {
      timeoutSeconds: 30,
    });
    expect(answer).toEqual({ ok: true, config: { ops: {} } });
  });

  test('A job is asked what it gives to runs of partitions, each with its keys and window', async () => {
    const { client, location, bundleHash } = subject();
    const runs = [['2026-01-02'], ['2026-01-03', '2026-01-04'], ['2026-01-09']];
    const request = { kind: 'partition-config', job: 'by_day', runs } as const;
    const answer = await client.call<'partition-config'>(location, bundleHash, request, {
      timeoutSeconds: 30,
    });
    expect(answer).toEqual([
      { ok: true, config: { from: '2026-01-02T00:00:00.000Z' }, tags: { days: '1' } },
      { ok: true, config: { from: '2026-01-03T00:00:00.000Z' }, tags: { days: '2' } },
      { ok: false, errors: [{ path: ['ops'], reason: 'FIELD_NOT_DEFINED', message: 'not that day' }] },
    ]);
  });

  test('What user code throws is a UserCodeError that names the place, with its cause as data and what it had logged', async () => {
    await expect(schedule('broken')).rejects.toMatchObject({
      name: 'UserCodeError',
      fault: 'permanent',
      message: expect.stringContaining('schedule "broken": TypeError: the schedule is broken'),
      cause: { name: 'TypeError', message: 'the schedule is broken' },
      logs: [{ level: 'WARNING', timestamp: expect.any(Number), message: 'about to break' }],
    });
  });

  test('A name that is not defined is told with the names that are', async () => {
    await expect(schedule('nightyl')).rejects.toThrow(
      /no schedule "nightyl" \(it defines: nightly, broken\)/,
    );
  });

  test('A request that never ends times out as transient, and the next is answered', async () => {
    await expect(sensor('spin', { timeoutSeconds: 1 })).rejects.toMatchObject({
      fault: 'transient',
      message: expect.stringContaining('sensor "spin" took longer than 1 s'),
    });
    expect((await sensor('pid')).result.cursor).toBe('+');
  });

  test('Code that ends its process is a transient fault, and the next request is answered', async () => {
    await expect(sensor('exit')).rejects.toMatchObject({ fault: 'transient' });
    expect((await sensor('pid')).result.cursor).toBe('+');
  });
}
