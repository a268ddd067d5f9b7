import type { AlertMessage, AlertPublisher } from '../../lib/ports/alert-publisher';

export interface AlertPublisherHarness {
  readonly publisher: AlertPublisher;
  /** What has arrived, as it arrived. */
  received(): readonly Readonly<Record<string, unknown>>[];
  /** From now on whoever takes alerts answers so. */
  answer(how: 'well' | 'busy' | 'refusing' | 'away'): Promise<void>;
  close(): Promise<void>;
}

const message: AlertMessage = {
  id: 'alert-7',
  subject: 'Schedule shop/nightly missed its tick',
  text: 'Schedule shop/nightly missed its tick\nNobody was there.',
  alert: {
    type: 'tick_missed',
    at: Date.UTC(2026, 0, 1),
    location: 'shop',
    kind: 'schedule',
    name: 'nightly',
    scheduledAt: [Date.UTC(2026, 0, 1)],
    reason: 'Nobody was there.',
  },
};

/** What every `AlertPublisher` must do. */
export function alertPublisherContract(open: () => Promise<AlertPublisherHarness>): void {
  let harness: AlertPublisherHarness;
  beforeEach(async () => {
    harness = await open();
  });
  afterEach(() => harness.close());

  test('what is published arrives whole, under the same id each time', async () => {
    await harness.publisher.publish(message);
    await harness.publisher.publish(message);
    const { alert, ...words } = message;
    expect(harness.received()).toEqual([
      expect.objectContaining({ ...words, ...alert }),
      expect.objectContaining({ ...words, ...alert }),
    ]);
  });

  test.each([
    ['busy', 'transient'],
    ['away', 'transient'],
    ['refusing', 'permanent'],
  ] as const)('somebody %s is a %s fault, and the next alert arrives', async (how, fault) => {
    await harness.answer(how);
    await expect(harness.publisher.publish(message)).rejects.toMatchObject({ fault });
    await harness.answer('well');
    const before = harness.received().length;
    await harness.publisher.publish({ ...message, id: 'alert-8' });
    expect(harness.received().slice(before)).toEqual([expect.objectContaining({ id: 'alert-8' })]);
  });
}
