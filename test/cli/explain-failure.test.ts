import { explainFailure } from '../../lib/cli/explain-failure';
import { ClientError } from '../../lib/client';

const refusal = (detail: string) =>
  new ClientError(422, detail, {
    type: 'about:blank',
    title: 'RunConfigError',
    status: 422,
    detail,
    errors: [{ path: 'ops.a.config', message: 'expected number' }],
  });

test('What a refusal names is printed below it', () => {
  expect(explainFailure(refusal('The request was refused.')).text).toBe(
    'The request was refused.\n  ops.a.config: expected number',
  );
});

test.each([
  "The config does not fit job 'load':\n  ops.a.config: expected number",
  'The body is not valid: ops.a.config: expected number.',
])('What the message of a refusal names is not printed twice: %j', (message) => {
  expect(explainFailure(refusal(message)).text).toBe(message);
});
