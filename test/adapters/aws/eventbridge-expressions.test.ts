import fc from 'fast-check';
import { planExpressions } from '../../../lib/adapters/aws/eventbridge-expressions';
import { minutesOfRule } from '../../support/aws/eventbridge/parse-rule-expression';

const at = (...times: string[]): Set<number> =>
  new Set(
    times.map((time) => {
      const [hour, minute] = time.split(':').map(Number) as [number, number];
      return hour * 60 + minute;
    }),
  );

describe('planExpressions', () => {
  it.each([
    ['one time', at('02:30'), ['cron(30 2 * * ? *)']],
    ['the same minute of several hours', at('01:30', '02:30', '07:30'), ['cron(30 1-2,7 * * ? *)']],
    ['nothing', at(), []],
  ])('writes %s as one rule or none', (_what, minutes, expected) => {
    expect(planExpressions(minutes, 80)).toEqual(expected);
  });

  it('writes even steps as steps, and everything as *', () => {
    const every = (step: number) => new Set(Array.from({ length: 1_440 / step }, (_, index) => index * step));
    expect(planExpressions(every(1), 80)).toEqual(['cron(* * * * ? *)']);
    expect(planExpressions(every(15), 80)).toEqual(['cron(0/15 * * * ? *)']);
    expect(planExpressions(every(120), 80)).toEqual(['cron(0 0/2 * * ? *)']);
    expect(planExpressions(every(8), 80)).toEqual(['cron(0/8 0/2 * * ? *)', 'cron(4/8 1/2 * * ? *)']);
  });

  it('wakes in an hour of its own beside every hour without waking twice', () => {
    const minutes = at(...Array.from({ length: 24 }, (_, hour) => `${hour}:00`), '2:30');
    expect(planExpressions(minutes, 80)).toEqual(['cron(0 0-1,3-23 * * ? *)', 'cron(0,30 2 * * ? *)']);
  });

  it('merges those two rules of three whose union adds the fewest wake-ups', () => {
    const minutes = at('01:00', '02:05', '02:10', '02:20', '09:05', '09:10');
    expect(planExpressions(minutes, 2)).toEqual(['cron(0 1 * * ? *)', 'cron(5,10,20 2,9 * * ? *)']);
  });

  it('covers what it is given by valid rules, exactly where rules are plenty, and never by more than allowed', () => {
    const minuteSets = fc.oneof(
      fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { maxLength: 400 }),
      // Dense days: half of all minutes and more, where lists are longest.
      fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { minLength: 700, maxLength: 1_100 }),
      // The worst lists: pairs with a gap of one between them.
      fc.constant(Array.from({ length: 1_440 }, (_, minute) => minute).filter((minute) => minute % 3 < 2)),
    );
    fc.assert(
      fc.property(minuteSets, fc.integer({ min: 1, max: 80 }), (list, maxRules) => {
        const minutes = new Set(list);
        const expressions = planExpressions(minutes, maxRules);
        expect(expressions.length).toBeLessThanOrEqual(Math.min(maxRules, 24));
        const covered = new Set<number>();
        let fired = 0;
        for (const expression of expressions) {
          expect(expression.length).toBeLessThanOrEqual(200);
          const wakes = minutesOfRule(expression);
          fired += wakes.size;
          for (const minute of wakes) covered.add(minute);
        }
        expect(fired).toBe(covered.size);
        expect(list.filter((minute) => !covered.has(minute))).toEqual([]);
        if (maxRules >= 24) expect(covered.size).toBe(minutes.size);
      }),
      { seed: 20_261_123, numRuns: 50 },
    );
  });
});
