import { describe, expect, it } from '@jest/globals';
import type { SourceRecord } from '../../../lib/ingestion/batch';
import { SnowflakeRecordError, SnowflakeSchemaError } from '../../../lib/integrations/snowflake/errors';
import { inMemorySnowflake } from '../../../lib/integrations/snowflake/in-memory';
import { dispositionOf, type LoadOptions } from '../../../lib/integrations/snowflake/snowflake-warehouse';
import { arraySource } from './array-source';

const source = (records: readonly SourceRecord[], cursor?: number) =>
  arraySource([records], cursor === undefined ? {} : { cursor });

describe('the Snowflake in memory', () => {
  it('merges by key, the last of equal keys winning, and keeps columns that a record lacks', async () => {
    const snowflake = inMemorySnowflake();
    await snowflake.load(
      source([
        { id: 1, a: 'x', b: 1 },
        { id: 1, a: 'y', b: 2 },
      ]),
      { table: 'raw.events' },
    );
    const result = await snowflake.load(source([{ id: 1, a: 'z' }, { id: 2 }]), { table: 'RAW.EVENTS' });
    expect(result).toMatchObject({ table: 'MEMORY.RAW.EVENTS', rows: 2, inserted: 1, updated: 1 });
    expect(snowflake.rows('raw.events')).toEqual([{ ID: 1, A: 'z', B: 2 }, { ID: 2 }]);
  });

  it('replaces a partition, a window and a table', async () => {
    const snowflake = inMemorySnowflake();
    const keyless = (records: readonly SourceRecord[]) => arraySource([records], { primaryKey: [] });
    const monday = { key: 'mon', keys: ['mon'] };
    for (let i = 0; i < 2; i++) await snowflake.load(keyless([{ n: 1 }]), { table: 'p', replace: monday });
    expect(snowflake.rows('p')).toEqual([{ N: 1, _HEADRACE_PARTITION: 'mon' }]);

    const day = { key: '2026-01-02', window: { start: '2026-01-02T00:00:00Z', end: '2026-01-03T00:00:00Z' } };
    await snowflake.load(keyless([{ at: '2026-01-01T00:00:00Z' }, { at: '2026-01-02T00:00:00Z' }]), {
      table: 'w',
      replace: 'table',
    });
    const result = await snowflake.load(keyless([{ at: '2026-01-02T05:00:00Z' }]), {
      table: 'w',
      replace: day,
      column: 'at',
    });
    expect(result).toMatchObject({ inserted: 1, deleted: 1 });
    expect(snowflake.rows('w')).toEqual([{ AT: '2026-01-01T00:00:00Z' }, { AT: '2026-01-02T05:00:00Z' }]);
  });

  it('keeps the cursor with the rows, and neither when the load fails', async () => {
    const snowflake = inMemorySnowflake();
    await snowflake.load(source([{ id: 1 }], 1), { table: 't' });
    await expect(snowflake.load(source([{ id: 2 }, { id: null }], 2), { table: 't' })).rejects.toBeInstanceOf(
      SnowflakeRecordError,
    );
    const next = source([{ id: 3 }], 3);
    await snowflake.load(next, { table: 't' });
    expect(next.askedFrom).toEqual([1]);
    expect(snowflake.cursor('t', 'events')).toBe(3);
    expect(snowflake.rows('t')).toEqual([{ ID: 1 }, { ID: 3 }]);
  });

  it('refuses SQL', async () => {
    await expect(inMemorySnowflake().query('SELECT 1')).rejects.toThrow(/runs no SQL/);
  });

  it('reports the load as metadata under well-known keys', async () => {
    const loaded = await inMemorySnowflake().load(source([{ id: 1 }, { id: 2 }]), { table: 'raw.events' });
    expect(loaded.toMetadata()).toMatchObject({
      ...{ rows: 2, inserted: 2, updated: 0 },
      'dagster/row_count': 2,
      'dagster/relation_identifier': 'MEMORY.RAW.EVENTS',
    });
  });
});

describe('how a load is written', () => {
  const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z' };
  const range = { key: 'a', keys: ['a', 'b'], window };

  it.each<[string, Partial<LoadOptions>, object]>([
    ['merged by default', {}, { kind: 'merge' }],
    ['appended', { append: true }, { kind: 'append' }],
    ['replaced', { replace: 'table' }, { kind: 'replace' }],
    ['replaced by partition', { replace: { key: 'a' } }, { kind: 'replace-partition', partition: 'a' }],
    [
      'replaced by window, also over a range',
      { replace: range, column: 'at' },
      { kind: 'replace-window', column: 'at', ...window },
    ],
  ])('is %s', (_what, options, expected) => {
    expect(dispositionOf({ table: 't', ...options })).toEqual(expected);
  });

  it.each<[string, Partial<LoadOptions>, RegExp]>([
    ['a range without a column', { replace: range }, /2 partitions at once/],
    ['a column without a window', { replace: { key: 'a' }, column: 'at' }, /no window of time/],
    ['replace with append', { replace: 'table', append: true }, /choose one/],
  ])('refuses %s', (_what, options, message) => {
    const decide = () => dispositionOf({ table: 't', ...options });
    expect(decide).toThrow(SnowflakeSchemaError);
    expect(decide).toThrow(message);
  });
});
