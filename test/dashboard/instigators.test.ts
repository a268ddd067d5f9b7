import { eachOf } from '../../dashboard/src/components/each-of';
import {
  bulkChanges,
  changeText,
  countInstigators,
} from '../../dashboard/src/features/instigators/bulk-change';
import type { Instigator } from '../../dashboard/src/features/instigators/instigator';
import {
  TICKS_PER_PAGE,
  tickPageVariables,
  toTickPage,
} from '../../dashboard/src/features/instigators/tick-page';
import { lastTicks } from '../../dashboard/src/features/schedules/last-ticks';

const instigator = (name: string, more: Partial<Instigator> = {}): Instigator => ({
  kind: 'schedule',
  name,
  repositoryName: '__repository__',
  locationName: 'shop',
  stateId: name,
  isOn: true,
  isOnInCode: true,
  canReset: false,
  mayStart: true,
  mayStop: true,
  ...more,
});

describe('changes of several schedules and sensors', () => {
  test('each change is for those that it changes', () => {
    const on = instigator('on');
    const off = instigator('off', { isOn: false, canReset: true });

    const changes = bulkChanges([on, off]);

    expect(changes.map(({ change, instigators }) => [change, instigators.map(({ name }) => name)])).toEqual([
      ['on', ['off']],
      ['off', ['on']],
      ['reset', ['off']],
    ]);
  });

  test('a change that none of them needs or the reader may not make says why', () => {
    const viewed = instigator('a', { mayStart: false, mayStop: false });

    expect(bulkChanges([viewed]).map(({ refusal }) => refusal)).toEqual([
      'All of them are on',
      'Your role may not turn these on or off',
      'All of them are as their code says',
    ]);
  });

  test.each([
    [[instigator('a')], 'Turn off 1 schedule'],
    [[instigator('a', { kind: 'sensor' }), instigator('b', { kind: 'sensor' })], 'Turn off 2 sensors'],
    [[instigator('a'), instigator('b', { kind: 'sensor' })], 'Turn off 2 schedules and sensors'],
  ])('their number and kind are named', (instigators, text) => {
    expect(changeText('off', countInstigators(instigators))).toBe(text);
  });

  test('one that fails keeps no other from being changed, and is named with its reason', async () => {
    const changed: number[] = [];
    const outcome = await eachOf([1, 2, 3, 4, 5, 6], String, async (item) => {
      if (item === 3) throw new Error('it is locked');
      changed.push(item);
    });

    expect(outcome).toEqual({ done: 5, refused: ['3: it is locked'] });
    expect(changed.toSorted()).toEqual([1, 2, 4, 5, 6]);
  });
});

describe('the last ticks of a schedule', () => {
  const now = 1_000_000_000;
  const evaluated = (timestamp: number) => ({
    id: String(timestamp),
    status: 'SUCCESS' as const,
    timestamp,
    runIds: [],
    skipReason: null,
    error: null,
  });
  const state = {
    status: 'RUNNING' as const,
    ticks: [evaluated(999_000), evaluated(997_000)],
    missedTicks: [{ timestamp: 998_000, reason: 'slept' }],
    expectedTicks: [{ timestamp: 999_900 }, { timestamp: 1_000_500 }],
  };

  test('those that were missed stand between the others, and what is due and not evaluated is late', () => {
    expect(lastTicks(state, now).map(({ status, timestamp }) => [status, timestamp])).toEqual([
      ['LATE', 999_900],
      ['SUCCESS', 999_000],
      ['MISSED', 998_000],
      ['SUCCESS', 997_000],
    ]);
  });

  test('a tick has 30 s until it is late, and of a schedule that is off none is', () => {
    const due = (timestamp: number) => ({ ...state, expectedTicks: [{ timestamp }] });
    const isLate = (from: typeof state) => lastTicks(from, now).some(({ status }) => status === 'LATE');

    expect([isLate(due(999_970)), isLate(due(999_969))]).toEqual([false, true]);
    expect(lastTicks({ ...due(999_000), status: 'STOPPED' }, now)).toHaveLength(3);
  });

  test('a list shows 20 of them', () => {
    const ticks = Array.from({ length: 20 }, (_, index) => evaluated(900_000 + index));
    const shown = lastTicks({ ...state, ticks }, now);
    expect(shown).toHaveLength(20);
    expect(shown.at(-1)?.timestamp).toBe(900_002);
  });
});

describe('pages of ticks', () => {
  const tick = (id: number, timestamp: number) => ({
    id: String(id),
    tickId: String(id),
    status: 'SUCCESS' as const,
    timestamp,
    endTimestamp: null,
    runIds: [],
    skipReason: null,
    error: null,
  });
  const full = Array.from({ length: TICKS_PER_PAGE }, (_, index) => tick(200 - index, 20_000 - index * 10));

  test('a page that is not full is the last one', () => {
    expect(toTickPage({ ticks: [tick(1, 50)], missedTicks: [] }, 'all', undefined).older).toBeUndefined();
  });

  test('the page after a full one begins behind its last tick', () => {
    const { older } = toTickPage({ ticks: full, missedTicks: [] }, 'all', undefined);

    expect(tickPageVariables('all', older)).toMatchObject({ cursor: '161', missedCursor: 19_610 });
  });

  test('missed ticks stand between the others by time; those beyond a full page are left to the next one', () => {
    const missedTicks = [
      { timestamp: 19_995, reason: 'slept' },
      { timestamp: 5, reason: 'slept' },
    ];
    const { ticks } = toTickPage({ ticks: full, missedTicks }, 'all', undefined);

    expect(ticks.slice(0, 3).map(({ status }) => status)).toEqual(['SUCCESS', 'MISSED', 'SUCCESS']);
    expect(ticks.filter(({ status }) => status === 'MISSED')).toHaveLength(1);
  });

  test('where more was missed than a page holds, the next one goes on in the ledger and asks for no tick twice', () => {
    const missedTicks = Array.from({ length: TICKS_PER_PAGE }, (_, index) => ({
      timestamp: 9_000 - index,
      reason: null,
    }));
    const first = toTickPage({ ticks: [tick(7, 100)], missedTicks }, 'all', undefined);

    expect(tickPageVariables('all', first.older)).toMatchObject({ cursor: '7', missedCursor: 8_961 });
    expect(toTickPage({ ticks: [], missedTicks }, 'missed', undefined).older).toBe('@8961');
  });

  test('one status is asked for at a time, and what was missed of the ledger only', () => {
    expect(tickPageVariables('error', undefined)).toMatchObject({ statuses: ['FAILURE'] });
    expect(tickPageVariables('missed', undefined)).toMatchObject({ statuses: [] });
    expect(
      toTickPage({ ticks: full, missedTicks: [{ timestamp: 1, reason: null }] }, 'error', undefined).ticks,
    ).toHaveLength(TICKS_PER_PAGE);
  });

  test('an address that nobody wrote is the newest page', () => {
    expect(tickPageVariables('all', 'yesterday')).not.toHaveProperty('cursor');
  });
});
