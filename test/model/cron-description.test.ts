import { describeCron } from '../../lib/model/cron-description';

describe('a cron in words', () => {
  it.each([
    ['30 2 * * *', 'Every day at 02:30'],
    ['@daily', 'Every day at 00:00'],
    ['0 6,18 * * *', 'Every day at 06:00 and 18:00'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['* * * * *', 'Every minute'],
    ['0 * * * *', 'Every hour'],
    ['5 * * * *', 'Every hour at 5 minutes past'],
    ['1 * * * *', 'Every hour at 1 minute past'],
    ['0 */6 * * *', 'Every 6 hours'],
    ['15 */4 * * *', 'Every 4 hours at 15 minutes past'],
    ['0 */12 * * *', 'Every day at 00:00 and 12:00'],
    ['0 9 * * 1', 'Mondays at 09:00'],
    ['0 9 * * 1-5', 'Monday to Friday at 09:00'],
    ['0 9 * * sat,sun', 'Saturdays and Sundays at 09:00'],
    ['0 9 1 * *', 'On the 1st of every month at 09:00'],
    ['0 9 1,15 * *', 'On the 1st and 15th of every month at 09:00'],
    ['0 9 2,3,11,22 * *', 'On the 2nd, 3rd, 11th and 22nd of every month at 09:00'],
    ['0 0 L * *', 'On the last day of every month at 00:00'],
    ['0 0 1,L * *', 'On the 1st and last day of every month at 00:00'],
    ['0 0 1 1 *', 'On the 1st of January at 00:00'],
    ['0 0 * * 1#2', 'On the 2nd Monday of every month at 00:00'],
    ['0 0 * * L5', 'On the last Friday of every month at 00:00'],
    ['0 8 * jun-aug *', 'Every day in June, July and August at 08:00'],
    ['*/10 * 1 * *', 'Every 10 minutes on the 1st of every month'],
    ['*/10 * * * 1-5', 'Every 10 minutes on Monday to Friday'],
    ['*/30 9-17 * * *', 'Every 30 minutes between 09:00 and 17:59'],
    ['0 9-17 * * 1-5', 'Every hour between 09:00 and 17:59 on Monday to Friday'],
  ])('%s is "%s"', (cron, words) => {
    expect(describeCron(cron)).toBe(words);
  });

  it.each([
    ['0 0 13 * 5'],
    ['7,11,13 */5 * * *'],
    ['*/7 * * * *'],
    ['0 0 1-20 * *'],
    ['not a cron'],
  ])('%s is shown as it is', (cron) => {
    expect(describeCron(cron)).toBe(cron);
  });

  it('joins the members of a list', () => {
    expect(describeCron(['0 9 * * 1', '0 12 1 * *'])).toBe(
      'Mondays at 09:00; on the 1st of every month at 12:00',
    );
    expect(describeCron([])).toBe('Never');
  });
});
