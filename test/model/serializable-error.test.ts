import { errorSummaryWithCauses, toSerializableError } from '../../lib/model/serializable-error';

test('A summary says what is behind an error', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:9');
  const error = toSerializableError(new TypeError('fetch failed', { cause: refused }));

  expect(errorSummaryWithCauses(error)).toBe('TypeError: fetch failed: connect ECONNREFUSED 127.0.0.1:9');
});

test('A summary does not say again what the message above says already', () => {
  const denied = new Error('access denied');
  const error = toSerializableError(
    new Error('The table could not be read: access denied', {
      cause: new Error('', { cause: denied }),
    }),
  );

  expect(errorSummaryWithCauses(error)).toBe('Error: The table could not be read: access denied');
});
