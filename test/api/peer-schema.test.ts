import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { schema } from '../../lib/api/schema';
import { compareSchemas } from '../support/api-compare-schemas';
import { printPeerSchema } from '../support/api-peer-client';
import { DIFFERENCES } from './peer-schema-differences';

/** More than the installation of the peer may take. */
const TIMEOUT_MS = 300_000;

describe('against the schema that clients were written for', () => {
  let found: readonly string[];
  beforeAll(async () => {
    found = compareSchemas(buildSchema(await printPeerSchema()), schema);
  }, TIMEOUT_MS);
  const listed = DIFFERENCES.flatMap(({ lines }) => lines);

  test('ours differs in nothing that is not listed with its reason', () => {
    expect(found.filter((line) => !listed.includes(line))).toEqual([]);
  });

  test('nothing is listed that is the same by now', () => {
    expect(listed.filter((line) => !found.includes(line))).toEqual([]);
  });

  test('every difference is listed once, and every reason has some', () => {
    expect(listed.filter((line, i) => listed.indexOf(line) !== i)).toEqual([]);
    expect(DIFFERENCES.filter(({ lines }) => lines.length === 0)).toEqual([]);
  });

  test('the list is short', () => {
    // Of about 2,500 fields, arguments and members that both have; it may only shrink.
    expect(listed.length).toBeLessThanOrEqual(57);
  });
});
