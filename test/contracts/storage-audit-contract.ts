import type { NewAuditEntry } from '../../lib/model/audit-entry';
import type { StorageHarness } from './storage-contract';

const entry = (requestId: string, changes: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  timestamp: 1_790_000_000_000,
  user: 'ann',
  role: 'editor',
  via: 'the dashboard',
  action: 'startSchedule',
  input: { scheduleName: 'every_night' },
  before: { status: 'STOPPED' },
  after: { status: 'RUNNING' },
  outcome: 'DONE',
  message: null,
  requestId,
  position: 0,
  ...changes,
});

/** Who asked for which change. */
export function storageAuditContract(harness: () => StorageHarness): void {
  test('an entry is read as it was written, the newest first', async () => {
    const { storage } = harness();
    const refused = entry('r2', {
      user: 'bob \ufffd',
      before: null,
      after: null,
      outcome: 'REFUSED',
      message: 'bob has the role viewer; this needs editor.',
    });
    await storage.appendAudit(entry('r1'));
    await storage.appendAudit({ ...refused, user: 'bob \0' });

    const entries = await storage.listAudit({ limit: 10 });

    expect(entries).toEqual([
      { ...refused, auditId: expect.any(Number) },
      { ...entry('r1'), auditId: expect.any(Number) },
    ]);
    expect(entries[0]?.auditId).toBeGreaterThan(entries[1]?.auditId ?? Number.NaN);
  });

  test('an entry sent twice is kept once; two actions of one request are two entries', async () => {
    const { storage } = harness();
    await storage.appendAudit(entry('r1'));
    await storage.appendAudit(entry('r1', { message: 'sent again' }));
    await storage.appendAudit(entry('r1', { position: 1, action: 'stopSensor' }));

    const entries = await storage.listAudit({ limit: 10 });

    expect(entries.map(({ action, message }) => [action, message])).toEqual([
      ['stopSensor', null],
      ['startSchedule', null],
    ]);
  });

  test('pages follow each other, and only what is asked for is answered', async () => {
    const { storage } = harness();
    for (const [i, user] of ['ann', 'bob', 'ann', 'ann'].entries()) {
      await storage.appendAudit(
        entry(`r${i}`, {
          user,
          action: i === 3 ? 'stopSensor' : 'startSchedule',
          outcome: i === 2 ? 'FAILED' : 'DONE',
        }),
      );
    }
    const ids = async (query: Omit<Parameters<typeof storage.listAudit>[0], 'limit'>, limit = 10) =>
      (await storage.listAudit({ ...query, limit })).map(({ requestId }) => requestId);
    const [, second] = await storage.listAudit({ limit: 2 });

    expect(await ids({}, 2)).toEqual(['r3', 'r2']);
    expect(await ids({ before: second?.auditId ?? 0 })).toEqual(['r1', 'r0']);
    expect(await ids({ user: 'ann' })).toEqual(['r3', 'r2', 'r0']);
    expect(await ids({ action: 'stopSensor' })).toEqual(['r3']);
    expect(await ids({ outcome: 'FAILED', user: 'ann' })).toEqual(['r2']);
  });
}
