import fc from 'fast-check';
import { maskBytes } from '../../lib/execution/mask-bytes';
import { passText } from '../../lib/execution/passed-output';
import { SecretMask } from '../../lib/model/secret-mask';

const SECRET = 'p@ss word/1';

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
          const result = maskBytes(mask, piece, at >= whole.length);
          held = result.held;
          out.push(result.masked);
          if (at >= whole.length) break;
        }
        expect(Buffer.concat(out).toString()).toBe(mask.text(parts.join('')));
      },
    ),
  );
});

test('Text that is passed on has whole characters, and no secret, however it is cut', () => {
  const mask = new SecretMask();
  mask.add('schlüssel-für-alle');
  const whole = Buffer.from('größer als schlüssel-für-alle, €');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }), (sizes) => {
      const said: string[] = [];
      const passed = passText(mask, (text) => said.push(text));
      let at = 0;
      for (const size of [...sizes, whole.length]) {
        passed.write('stdout', whole.subarray(at, at + size));
        at += size;
      }
      passed.flush();
      expect(said.join('')).toBe('größer als ********, €');
    }),
  );
});
