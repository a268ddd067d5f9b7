import { BatchExecuteStatementCommand, RollbackTransactionCommand } from '@aws-sdk/client-rds-data';
import { dataApiClient, TARGET, TRANSACTION_IDLE } from './data-api-client';

const { run, send, count, begin, commit } = dataApiClient();

describe('transactions', () => {
  const insert = { sql: "insert into items (name) values ('t')" };

  test('what is committed stays, what is rolled back does not, and neither can be used again', async () => {
    const kept = await begin();
    await run(insert.sql, { transactionId: kept });
    expect(await count()).toBe(0);
    await commit(kept);
    const dropped = await begin();
    await run(insert.sql, { transactionId: dropped });
    await send().send(new RollbackTransactionCommand({ ...TARGET, transactionId: dropped }));

    expect(await count()).toBe(1);
    await expect(commit(kept)).rejects.toMatchObject({ name: 'TransactionNotFoundException' });
    await expect(run('select 1', { transactionId: dropped })).rejects.toMatchObject({
      name: 'TransactionNotFoundException',
    });
  });

  test('an idle one is rolled back; one that is used is not', async () => {
    const transactionId = await begin();
    await run(insert.sql, { transactionId });
    for (let waited = 0; waited < 2 * TRANSACTION_IDLE; waited += TRANSACTION_IDLE / 4) {
      await new Promise((resolve) => setTimeout(resolve, TRANSACTION_IDLE / 4));
      await run('select 1', { transactionId });
    }
    await new Promise((resolve) => setTimeout(resolve, 2 * TRANSACTION_IDLE));

    await expect(commit(transactionId)).rejects.toMatchObject({ name: 'TransactionNotFoundException' });
    expect(await count()).toBe(0);
  });

  test('a failed one takes no more statements; one statement runs at a time', async () => {
    const failed = await begin();
    await expect(run('select nonsense', { transactionId: failed })).rejects.toThrow('42703');
    await expect(run('select 1', { transactionId: failed })).rejects.toThrow('25P02');
    await expect(commit(failed)).rejects.toThrow('25P02');

    const busy = await begin();
    const slow = run('select 1 from pg_sleep(0.2)', { transactionId: busy });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(run('select 1', { transactionId: busy })).rejects.toThrow('still running a query');
    await slow;
    await commit(busy);
  });

  test('a batch is one transaction', async () => {
    const batch = (names: readonly string[]) =>
      send().send(
        new BatchExecuteStatementCommand({
          ...TARGET,
          sql: 'insert into items (name, doc) values (:n, :n::jsonb)',
          parameterSets: names.map((n) => [{ name: 'n', value: { stringValue: n } }]),
        }),
      );

    expect((await batch(['1', '2'])).updateResults).toHaveLength(2);
    await expect(batch(['3', 'no json'])).rejects.toThrow('22P02');
    expect(await count()).toBe(2);
  });
});
