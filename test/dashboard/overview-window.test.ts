import { readFilter } from '../../dashboard/src/features/overview/overview-filter';
import {
  isFurthestAhead,
  movedWindow,
  readWindow,
} from '../../dashboard/src/features/overview/overview-window';

const now = 1_800_000_000_000;
const hour = 3_600_000;

describe('the window of the overview', () => {
  it('ends a little after now, and where the address says so when somebody went back', () => {
    const live = readWindow({}, now + 59_000);
    const back = readWindow({ hours: '24', until: '2027-01-15T08:00Z' }, now);

    expect(live).toEqual({ hours: '12', from: now - 12 * hour, to: now + 1.8 * hour, isLive: true });
    expect(back).toMatchObject({ to: Date.UTC(2027, 0, 15, 8), isLive: false });
    expect(back.to - back.from).toBeCloseTo(1.15 * 24 * hour);
    expect(readWindow({ hours: '5', until: 'yesterday' }, now)).toEqual(readWindow({}, now));
  });

  it('moves by its length, back and then ahead to where it follows the clock again', () => {
    const live = readWindow({ hours: '6' }, now);
    const { until } = movedWindow(live, -1, now);
    const back = readWindow({ hours: '6', until }, now);

    expect(live.to - back.to).toBe(6 * hour);
    expect(movedWindow(back, 1, now)).toEqual({ until: undefined });
  });

  it('goes one length ahead of now, where only ticks are', () => {
    const live = readWindow({ hours: '6' }, now);
    const ahead = readWindow({ hours: '6', ...movedWindow(live, 1, now) }, now);

    expect(ahead.from).toBeCloseTo(now, -5);
    expect([isFurthestAhead(live, now), isFurthestAhead(ahead, now)]).toEqual([false, true]);
  });
});

describe('the filter of the overview', () => {
  it('is the API’s for runs, and the same for rows of ticks', () => {
    const { runs, passes } = readFilter(
      'job:load*,export -location:bank status:failed,canceled -status:canceled',
    );

    expect(runs).toEqual({
      names: ['load*', 'export'],
      excludedLocations: ['bank'],
      statuses: ['FAILURE'],
    });
    expect(passes({ location: 'shop', name: 'load_all' })).toBe(false);
    const rows = readFilter('job:load* -location:bank').passes;
    expect([
      rows({ location: 'shop', name: 'LOAD_all' }),
      rows({ location: 'bank', name: 'load_all' }),
      rows({ location: 'shop', name: 'reload' }),
    ]).toEqual([true, false, false]);
  });

  it('takes words as parts of names and tags by their value, and leaves out what cannot hold', () => {
    expect(readFilter('flights tag:team=data,team=web status:odd color:red').runs).toEqual({
      names: ['flights'],
      tags: [
        { key: 'team', value: 'data' },
        { key: 'team', value: 'web' },
      ],
    });
    expect(readFilter('color:red').runs).toBeUndefined();
  });
});
