import * as fc from 'fast-check';
import type { Manifest } from '../../lib/model/manifest';
import { type DefinitionChange, differenceOfManifests } from '../../lib/model/manifest-difference';
import {
  dailyPartitions,
  dynamicPartitions,
  multiPartitions,
  staticPartitions,
} from '../../lib/model/partitions';
import { aManifest, anOp, type ManifestSketch } from '../engine/support/build-manifest';

const NOW = Date.UTC(2026, 0, 11, 6);
const differ = (from: ManifestSketch | null, to: ManifestSketch, dynamicKeys?: Record<string, string[]>) =>
  differenceOfManifests(from === null ? null : aManifest(from), aManifest(to), {
    now: NOW,
    ...(dynamicKeys === undefined ? {} : { dynamicKeys }),
  }).changes;
const texts = (changes: readonly DefinitionChange[]): string[] =>
  changes.map(({ kind, name, change, fields }) =>
    [`${change} ${kind} ${name}`, ...fields.map(({ text }) => text)].join(' | '),
  );
const request = { config: {}, tags: {}, partitioned: false };

describe('the difference of two manifests', () => {
  test('names what comes and goes, an asset without its op', () => {
    // Prepare
    const from: ManifestSketch = {
      assets: { a: {}, b: {} },
      schedules: [{ name: 's', cron: ['0 1 * * *'] }],
    };
    const to: ManifestSketch = {
      assets: { a: {}, c: {} },
      checks: [{ asset: 'a', name: 'has_rows' }],
      sensors: [{ name: 'new_files' }],
    };

    // Act
    const changes = differ(from, to);

    // Assess
    expect(texts(changes)).toEqual([
      'removed asset b',
      'added asset c',
      'added asset check a:has_rows',
      'removed schedule s',
      'added sensor new_files',
    ]);
  });

  test('has everything as added when nothing is in force yet', () => {
    expect(texts(differ(null, { assets: { a: {} } }))).toEqual(['added asset a']);
  });

  test('says crons, time zones and code versions in words', () => {
    const changes = differ(
      {
        assets: { a: { codeVersion: '1' } },
        schedules: [{ name: 's', cron: ['30 2 * * *'], timezone: 'UTC', request }],
      },
      {
        assets: { a: { codeVersion: '2' } },
        schedules: [{ name: 's', cron: ['0 3 * * 1'], timezone: 'Europe/Berlin', request }],
      },
    );
    expect(texts(changes)).toEqual([
      'changed asset a | code version: 1 → 2',
      'changed schedule s | cron: Every day at 02:30 (30 2 * * *) → Mondays at 03:00 (0 3 * * 1) | timezone: UTC → Europe/Berlin',
    ]);
  });

  test('says which dependencies and tags of lists come and go', () => {
    const changes = differ(
      { assets: { a: {}, b: {}, c: { deps: ['a'], owners: ['team:x'] } } },
      { assets: { a: {}, b: {}, c: { deps: ['b'], owners: ['team:x', 'ann@example.com'] } } },
    );
    const asset = changes.find(({ kind, name }) => kind === 'asset' && name === 'c');
    expect(asset?.fields.map(({ text }) => text)).toEqual([
      'dependencies: +b -a',
      'owners: +ann@example.com',
    ]);
  });

  test.each([
    [
      'a later start',
      dailyPartitions({ start: '2026-01-01' }),
      dailyPartitions({ start: '2026-01-04' }),
      { appear: 0, vanish: 3 },
    ],
    ['none before', null, dailyPartitions({ start: '2026-01-01' }), { appear: 10, vanish: 0 }],
    ['none after', staticPartitions(['a', 'b']), null, { appear: 0, vanish: 2 }],
    ['other keys', staticPartitions(['a', 'b']), staticPartitions(['b', 'c', 'd']), { appear: 2, vanish: 1 }],
    [
      'unknown dynamic keys',
      staticPartitions(['a']),
      dynamicPartitions('customers'),
      { appear: null, vanish: null },
    ],
    [
      'a longer dimension',
      multiPartitions({ date: dailyPartitions({ start: '2026-01-01' }), region: staticPartitions(['eu']) }),
      multiPartitions({
        date: dailyPartitions({ start: '2026-01-01' }),
        region: staticPartitions(['eu', 'us']),
      }),
      { appear: 10, vanish: 0 },
    ],
  ] as const)('counts partition keys: %s', (_title, from, to, expected) => {
    const [change] = differ({ assets: { a: { partitions: from } } }, { assets: { a: { partitions: to } } });
    const field = change?.fields.find(({ field }) => field === 'partitions');
    expect(field?.partitionKeys).toEqual(expected);
  });

  test('counts dynamic keys that are known', () => {
    const [change] = differ(
      { assets: { a: { partitions: staticPartitions(['ann']) } } },
      { assets: { a: { partitions: dynamicPartitions('customers') } } },
      { customers: ['ann', 'bob'] },
    );
    expect(change?.fields[0]?.partitionKeys).toEqual({ appear: 1, vanish: 0 });
    expect(change?.fields[0]?.text).toBe('partitions: static → dynamic; 1 keys appear');
  });

  test('sees a change of a resource and of a graph job’s op', () => {
    const base = aManifest({ assets: { a: {} } });
    const resource = (environment: string[]) => ({
      name: 'usgs',
      description: null,
      configSchema: null,
      config: {},
      environment,
      dependencies: [],
      isIoManager: false,
      source: { file: 'x.ts', line: 1 },
    });
    const from: Manifest = { ...base, resources: [resource(['A'])], ops: [anOp('one')] };
    const to: Manifest = { ...base, resources: [resource(['A', 'B'])], ops: [anOp('two')] };
    expect(texts(differenceOfManifests(from, to, { now: NOW }).changes)).toEqual([
      'removed op one',
      'added op two',
      'changed resource usgs | environment: +B',
    ]);
  });
});

const sketch = fc.record({
  assets: fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.record({
      codeVersion: fc.option(fc.constantFrom('1', '2')),
      partitions: fc.option(
        fc.constantFrom(staticPartitions(['x', 'y']), dailyPartitions({ start: '2026-01-03' })),
      ),
    }),
  ),
  schedules: fc.uniqueArray(
    fc.record({ name: fc.constantFrom('s', 't'), cron: fc.constantFrom(['0 1 * * *'], ['0 2 * * *']) }),
    { selector: ({ name }) => name },
  ),
}) as fc.Arbitrary<ManifestSketch>;

describe('for any two manifests', () => {
  test('nothing differs from itself, wherever it stands in the source', () => {
    fc.assert(
      fc.property(sketch, (each) => {
        const manifest = aManifest(each);
        const moved = {
          ...manifest,
          assets: manifest.assets.map((asset) => ({ ...asset, source: { file: 'b.ts', line: 9 } })).reverse(),
        };
        expect(differenceOfManifests(manifest, moved, { now: NOW }).changes).toEqual([]);
      }),
    );
  });

  test('going back undoes going forth', () => {
    const reverse = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    fc.assert(
      fc.property(sketch, sketch, (one, other) => {
        const forth = differ(one, other);
        const back = differ(other, one);
        expect(back.map(({ kind, name, change }) => [kind, name, change])).toEqual(
          forth.map(({ kind, name, change }) => [kind, name, reverse[change]]),
        );
        const counts = (changes: readonly DefinitionChange[]) =>
          changes.flatMap(({ fields }) => fields.flatMap(({ partitionKeys }) => partitionKeys ?? []));
        expect(counts(back)).toEqual(
          counts(forth).map(({ appear, vanish }) => ({ appear: vanish, vanish: appear })),
        );
      }),
    );
  });
});
