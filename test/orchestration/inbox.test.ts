import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inMemorySnowflake } from 'headrace/snowflake';
import { evaluateSensor, executeJob } from 'headrace/testing';
import { loadInbox } from '../../orchestration/jobs';
import { inbox } from '../../orchestration/resources/inbox';
import { newInboxFiles } from '../../orchestration/sensors';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-inbox-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function put(name: string, modifiedAt: number, text = '{"a":1}\n'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  await utimes(path, modifiedAt / 1000, modifiedAt / 1000);
  return path;
}

const evaluate = (cursor: string | null, folder = directory) => {
  const value = inbox.setUp({ settings: { directory: folder } } as never);
  return evaluateSensor(newInboxFiles, { cursor, resources: { inbox: value } });
};

describe('the sensor', () => {
  it('asks for a run per new file, the oldest first, and remembers the newest', async () => {
    const late = await put('late.jsonl', 2_000_000);
    const early = await put('early.jsonl', 1_000_000);
    await put('notes.txt', 3_000_000);
    const { runRequests, cursor } = await evaluate(null);
    expect(runRequests.map(({ runKey, config }) => [runKey, config])).toEqual([
      ['early.jsonl@1000000', { ops: { load_inbox_file: { config: { path: early } } } }],
      ['late.jsonl@2000000', { ops: { load_inbox_file: { config: { path: late } } } }],
    ]);
    expect((await evaluate(cursor)).skipReason).toBe('No new files.');
  });

  it('misses no file of the same moment as the last one, and asks for none twice', async () => {
    await put('first.jsonl', 2_000_000);
    const { cursor } = await evaluate(null);
    await put('second.jsonl', 2_000_000);
    const { runRequests } = await evaluate(cursor);
    expect(runRequests.map(({ runKey }) => runKey)).toEqual(['second.jsonl@2000000']);
  });

  it('asks again for a file that was changed', async () => {
    await put('a.jsonl', 1_000_000);
    const { cursor } = await evaluate(null);
    await put('a.jsonl', 5_000_000);
    const { runRequests } = await evaluate(cursor);
    expect(runRequests.map(({ runKey }) => runKey)).toEqual(['a.jsonl@5000000']);
  });

  it('says why it asks for nothing', async () => {
    expect((await evaluate(null, join(directory, 'missing'))).skipReason).toContain('missing');
    expect((await evaluate(null)).skipReason).toBe('No new files.');
  });
});

describe('the job', () => {
  it('loads each line once, however often the file is loaded', async () => {
    const path = await put('events.jsonl', 1_000_000, '{"id":1}\n\n{"id":2,"tags":["x"]}\n');
    const snowflake = inMemorySnowflake();
    const config = { ops: { load_inbox_file: { config: { path } } } };
    for (const inserted of [2, 0]) {
      const result = await executeJob(loadInbox, { config, resources: { snowflake } });
      expect(result.materializations).toMatchObject([
        { asset: 'raw/inbox', metadata: { rows: 2, inserted } },
      ]);
    }
    expect(snowflake.rows('raw.inbox')).toEqual([
      { FILE: 'events.jsonl', LINE: 1, RECORD: { id: 1 } },
      { FILE: 'events.jsonl', LINE: 3, RECORD: { id: 2, tags: ['x'] } },
    ]);
  });

  it('says which line is not JSON, and loads nothing', async () => {
    const path = await put('bad.jsonl', 1_000_000, '{"id":1}\nnot json\n');
    const snowflake = inMemorySnowflake();
    const config = { ops: { load_inbox_file: { config: { path } } } };
    const result = await executeJob(loadInbox, { config, resources: { snowflake }, raiseOnError: false });
    expect(String(result.error)).toContain('bad.jsonl, line 2: not JSON: not json');
    expect(snowflake.rows('raw.inbox')).toEqual([]);
  });
});
