import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  grantsIn,
  grantsOfGroups,
  identityOf,
  mayActAt,
  mayActEverywhere,
  reachOf,
} from '../../lib/api/access';
import { mayAct, ROLES, type Role } from '../../lib/api/identity';

const role = fc.constantFrom(...ROLES);
const location = fc.constantFrom('shop', 'lab', 'a b', '__proto__', 'constructor', 'x:y');
const grants = fc.record({
  everywhere: fc.option(role),
  locations: fc
    .array(fc.tuple(location, role))
    .map((pairs): Readonly<Record<string, Role>> => Object.fromEntries(pairs)),
});

describe('who may do what where', () => {
  test('is what a role everywhere or one in that code location covers, and nothing else', () => {
    fc.assert(
      fc.property(grants, location, role, (given, at, needed) => {
        const identity = identityOf('ann', given);
        const here = Object.hasOwn(given.locations, at) ? given.locations[at] : undefined;
        const held = [given.everywhere, here].filter((each) => each != null);
        const expected = held.some((each) => mayAct(each, needed));
        expect(identity !== undefined && mayActAt(identity, at, needed)).toBe(expected);
      }),
    );
  });

  test('concerns the deployment as a whole only with a role everywhere', () => {
    fc.assert(
      fc.property(grants, role, (given, needed) => {
        const identity = identityOf('ann', given);
        const expected = given.everywhere !== null && mayAct(given.everywhere, needed);
        expect(identity !== undefined && mayActEverywhere(identity, needed)).toBe(expected);
      }),
    );
  });

  test('grows with the role', () => {
    expect(reachOf({ role: 'viewer' }, 'launcher')).toEqual(new Set());
    expect(reachOf({ role: 'editor' }, 'launcher')).toBe('everywhere');
    const mixed = {
      role: 'editor',
      grants: { everywhere: 'viewer', locations: { shop: 'editor' } },
    } as const;
    expect(reachOf(mixed, 'viewer')).toBe('everywhere');
    expect(reachOf(mixed, 'launcher')).toEqual(new Set(['shop']));
    expect(reachOf(mixed, 'admin')).toEqual(new Set());
  });

  test('without any role nobody is anybody', () => {
    expect(identityOf('ann', { everywhere: null, locations: {} })).toBeUndefined();
    expect(identityOf('ann', grantsIn([], 'admin'))).toBeUndefined();
  });
});

test.each<[readonly unknown[] | object, ReturnType<typeof grantsOfGroups>]>([
  [['headrace-viewer', 'headrace-editor'], { everywhere: 'editor', locations: {} }],
  [
    ['headrace-viewer', 'headrace-editor:shop', 'headrace-launcher:shop', 'headrace-admin:lab'],
    { everywhere: 'viewer', locations: { shop: 'editor', lab: 'admin' } },
  ],
  [['headrace-launcher:a:b'], { everywhere: null, locations: { 'a:b': 'launcher' } }],
  [
    [
      'viewer',
      'xheadrace-admin',
      'headrace-admin2',
      'headrace-admin:',
      'headrace-ADMIN',
      'headrace-',
      7,
      null,
    ],
    { everywhere: null, locations: {} },
  ],
  [{ 0: 'headrace-admin' }, { everywhere: null, locations: {} }],
])('The groups %j give %j', (groups, expected) => {
  expect(grantsOfGroups(groups, 'headrace-')).toEqual(expected);
});
