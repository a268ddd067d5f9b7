import { SecretMask } from '../../lib/model/secret-mask';
import { toSerializableError } from '../../lib/model/serializable-error';

const SECRET = 'p@ss word/1';

test.each([
  ['as it is', SECRET],
  ['URL-encoded', encodeURIComponent(SECRET)],
  ['in base64', Buffer.from(SECRET).toString('base64')],
])('A secret is masked %s', (_, form) => {
  const mask = new SecretMask();
  mask.add(SECRET);
  expect(mask.text(`a ${form} b`)).toBe('a ******** b');
  expect(mask.data({ list: [{ deep: form }], number: 3 })).toEqual({
    list: [{ deep: '********' }],
    number: 3,
  });
});

test('Each line of a private key is masked', () => {
  const mask = new SecretMask();
  mask.add('-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END KEY-----');
  expect(mask.text('error near MIIEvQIBADANBgkqhkiG9w0BAQ!')).toBe('error near ********!');
});

test('A value too short to be told from ordinary text is left alone', () => {
  const mask = new SecretMask();
  mask.add('abc');
  expect(mask.text('abcdef')).toBe('abcdef');
});

test('What the secret store gave is masked from six characters on, in free text but in no name', () => {
  const mask = new SecretMask();
  expect(['local', 'warehouse-7'].map((value) => mask.addStored(value))).toEqual([false, true]);
  mask.add(SECRET);

  expect(mask.text('local warehouse-7')).toBe('local ********');
  expect(mask.data({ table: 'warehouse-7.orders', at: ['local'] })).toEqual({
    table: '********.orders',
    at: ['local'],
  });
  expect(mask.names(['raw/warehouse-7', SECRET])).toEqual(['raw/warehouse-7', '********']);
});

test('A secret inside of JSON that is inside of a text is masked', () => {
  const mask = new SecretMask();
  mask.add('say "hello"\n');
  expect(mask.text(JSON.stringify({ password: 'say "hello"\n' }))).toBe('{"password":"********"}');
});

test('Of an error that is too long, and was cut in the middle of a secret, none of it is left', () => {
  const mask = new SecretMask();
  mask.add(SECRET);
  const error = toSerializableError(new Error(`${'x'.repeat(49_996)}${SECRET} and more`));
  expect(error.message).toContain(`x${SECRET.slice(0, 4)}…`);

  expect(mask.data(error).message).toBe(`${'x'.repeat(49_996)}********… (50016 characters)`);
});
