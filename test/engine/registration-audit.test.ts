import { expect, test } from '@jest/globals';
import { registrationAudit } from '../../lib/engine/registration-audit';

const at = { timestamp: 7, requestId: 'r-1' };

test('A push leaves who, what, from which version to which', () => {
  const input = { location: 'shop', by: 'ann', bundleHash: 'b2' };
  const entry = registrationAudit(
    input,
    { ok: true, location: 'shop', bundleHash: 'b2', previous: 'b1' },
    at,
  );
  expect(entry).toEqual({
    ...{ ...at, position: 0, user: 'ann', role: 'editor', via: 'IAM', action: 'pushCodeLocation' },
    ...{ input: { location: 'shop', bundleHash: 'b2' }, outcome: 'DONE', message: null },
    ...{ before: { bundleHash: 'b1' }, after: { bundleHash: 'b2' } },
  });
});

test('A rollback that is refused leaves why, and the version that stays', () => {
  const error = { name: 'CodeLocationRefusedError', message: 'none of its versions', stack: '' };
  const reply = { ok: false, location: 'shop', error, bundleHash: 'b1' } as const;
  expect(registrationAudit({ location: 'shop', by: null, rollbackTo: 'b0' }, reply, at)).toMatchObject({
    action: 'rollbackCodeLocation',
    user: 'somebody',
    input: { location: 'shop', bundleHash: 'b0' },
    before: { bundleHash: 'b1' },
    after: { bundleHash: 'b1' },
    outcome: 'FAILED',
    message: 'none of its versions',
  });
});
