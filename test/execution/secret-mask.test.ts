import fc from 'fast-check';
import { SecretMask } from '../../lib/execution/secret-mask';

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

test('However a stream is cut, no secret passes and nothing else is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(SECRET), fc.string({ maxLength: 6 }), fc.constant('p@ss')), {
        maxLength: 10,
      }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
      (parts, cuts) => {
        const mask = new SecretMask();
        mask.add(SECRET);
        const whole = Buffer.from(parts.join(''));
        let at = 0;
        let held: Buffer = Buffer.alloc(0);
        const out: Buffer[] = [];
        for (const size of [...cuts, whole.length]) {
          const piece = Buffer.concat([held, whole.subarray(at, at + size)]);
          at += size;
          const result = mask.bytes(piece, at >= whole.length);
          held = result.held;
          out.push(result.masked);
          if (at >= whole.length) break;
        }
        expect(Buffer.concat(out).toString()).toBe(mask.text(parts.join('')));
      },
    ),
  );
});
