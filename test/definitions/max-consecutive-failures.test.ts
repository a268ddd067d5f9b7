import { define, job, op, sensor } from '../../lib/index';

const only = op({ name: 'only', run: () => 1 });
const once = job({
  name: 'once',
  graph: () => {
    only();
  },
});
const manifestOf = (maxConsecutiveFailures?: number) =>
  define({
    sensors: [
      sensor({
        name: 'poll',
        job: once,
        ...(maxConsecutiveFailures === undefined ? {} : { maxConsecutiveFailures }),
        evaluate: () => null,
      }),
    ],
  });

test('A sensor may say after how many failures it turns itself off; otherwise the settings do', () => {
  expect(manifestOf(0).manifest('here').sensors[0]?.maxConsecutiveFailures).toBe(0);
  expect(manifestOf(5).manifest('here').sensors[0]?.maxConsecutiveFailures).toBe(5);
  expect(manifestOf().manifest('here').sensors[0]?.maxConsecutiveFailures).toBeUndefined();
});

test.each([-1, 1.5])('%s failures are refused with what to give', (failures) => {
  expect(() => manifestOf(failures)).toThrow(
    /Sensor poll: maxConsecutiveFailures is .*give a whole number of failures, or 0 for never/,
  );
});
