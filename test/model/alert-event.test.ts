import fc from 'fast-check';
import { alertLine } from '../../lib/model/alert-event';

test('Whatever an alert says, its line can be put between the quotes of a template as it is', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.stringMatching(/^[a-z"\\\n\r\t<>{}.]{0,60}$/),
  );
  fc.assert(
    fc.property(text, (each) => {
      const line = alertLine(each);
      expect(JSON.parse(`"${line}"`)).toBe(line);
      expect(line.length).toBeLessThanOrEqual(2_001);
    }),
  );
});

test('A line keeps what the text says', () => {
  expect(
    alertLine(
      'Run 1 of job a/b failed\nCause: KeyError: "id"\r\n  at C:\\x\n\nLook at it with headrace logs 1.',
    ),
  ).toBe("Run 1 of job a/b failed. Cause: KeyError: 'id'. at C:/x. Look at it with headrace logs 1.");
});
