import { dataApiClient } from './data-api-client';

const { server, run, runOnce, count, begin, commit } = dataApiClient();

describe('faults', () => {
  const insert = "insert into items (name) values ('f')";

  test('a database that resumes answers nothing else, and the SDK does not wait for it', async () => {
    server().faults.set({ resumingUntil: Date.now() + 60_000 });

    await expect(run('select 1')).rejects.toMatchObject({ name: 'DatabaseResumingException' });

    expect(server().faults.fired.resuming).toBe(1);
  });

  test('throttled and unavailable calls are repeated by the SDK', async () => {
    server().faults.set({ throttleNext: 1, unavailableNext: 1, latencyMs: 1 });

    expect((await run('select 1')).records).toHaveLength(1);

    expect(server().faults.fired).toMatchObject({ throttled: 1, unavailable: 1, delayed: 3 });
    server().faults.set({ throttleRate: 1 });
    await expect(runOnce('select 1')).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('an INSERT whose answer is lost is executed again', async () => {
    server().faults.set({ loseExecuteReply: 1 });

    await run(insert);

    expect(server().faults.fired.lostExecuteReply).toBe(1);
    expect(await count()).toBe(2);
  });

  test('a commit whose answer is lost, and one that failed, cannot be told apart', async () => {
    for (const [fault, fired, rows] of [
      [{ loseCommitReply: 1 }, 'lostCommitReply', 1],
      [{ failCommit: 1 }, 'failedCommit', 1],
    ] as const) {
      const transactionId = await begin();
      await run(insert, { transactionId });
      server().faults.set(fault);

      await expect(commit(transactionId)).rejects.toMatchObject({ name: 'TransactionNotFoundException' });

      expect(server().faults.fired[fired]).toBe(1);
      expect(await count()).toBe(rows);
    }
  });

  test('are switched and read from another process', async () => {
    await fetch(`${server().url}/_faults`, { method: 'POST', body: JSON.stringify({ resumingNext: 1 }) });
    await expect(run('select 1')).rejects.toMatchObject({ name: 'DatabaseResumingException' });

    const shown = await (await fetch(`${server().url}/_faults`)).json();

    expect(shown).toMatchObject({ settings: { resumingNext: 0 }, fired: { resuming: 1 } });
  });
});
