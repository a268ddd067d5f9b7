import { handlerOf } from '../../../lib/adapters/aws/aws-function';
import { createFunctionLog } from '../../../lib/adapters/aws/function-log';
import { PortError } from '../../../lib/ports/errors';

const SECRET = 'kept-by-"the"-function/1';
const context = { awsRequestId: 'r-1', functionName: 'f', getRemainingTimeInMillis: () => 1_000 };

/** A log, and what it wrote. */
function openLog() {
  const lines: string[] = [];
  const log = createFunctionLog({
    instance: 'prod',
    now: () => 0,
    secrets: [SECRET],
    write: (line) => lines.push(line),
  });
  return { log, lines };
}

test('What a function logs has none of its secrets, however deep they lie', () => {
  const { log, lines } = openLog();

  log.info(`says ${SECRET}`, { nested: [{ deep: encodeURIComponent(SECRET) }] });
  log.error('Failed', new Error(`refused ${SECRET}`, { cause: new Error(`behind it ${SECRET}`) }));

  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { message: 'says ********', nested: [{ deep: '********' }] },
    { message: 'Failed', error: { message: 'refused ********', cause: { message: 'behind it ********' } } },
  ]);
  expect(lines.join('')).not.toContain('kept-by');
});

test('What a handler throws, which Lambda logs and answers, has none either, and stays what it is', async () => {
  const { log, lines } = openLog();
  const cause = Object.assign(new TypeError(`at ${SECRET}`), { address: `https://${SECRET}@host` });
  const error = new PortError('transient', `refused ${SECRET}`, { cause });
  const handler = handlerOf(log, async () => {
    throw error;
  });

  await expect(handler(null, context)).rejects.toBe(error);

  expect(error).toMatchObject({ name: 'PortError', fault: 'transient', message: 'refused ********' });
  expect(cause).toMatchObject({ message: 'at ********', address: 'https://********@host' });
  const shown = [error.stack, cause.stack, ...lines].join('');
  expect(shown).toContain('refused ********');
  expect(shown).not.toContain('kept-by');
});

test('A function masks what its environment calls a secret', () => {
  const lines: string[] = [];
  process.env['PLANTED_SESSION_TOKEN'] = SECRET;
  try {
    createFunctionLog({ instance: '', now: () => 0, write: (line) => lines.push(line) }).info(SECRET);
  } finally {
    delete process.env['PLANTED_SESSION_TOKEN'];
  }
  expect(lines.map((line) => (JSON.parse(line) as { readonly message: string }).message)).toEqual([
    '********',
  ]);
});
