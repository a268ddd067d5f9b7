/** What changes when one version of a code location takes the place of another. */
import { describeCron } from './cron-description';
import type { JsonValue } from './json';
import type { Manifest } from './manifest';
import { type DynamicPartitionKeys, type PartitionsSpec, partitionKeySet } from './partitions';
import { ASSET_JOB } from './run';

export type DefinitionKind = 'asset' | 'asset check' | 'op' | 'job' | 'schedule' | 'sensor' | 'resource';

/** One field of a definition that is not what it was. */
export interface FieldChange {
  /** As manifests name it, e.g. `codeVersion`. */
  readonly field: string;
  readonly from: JsonValue;
  readonly to: JsonValue;
  /** In words, e.g. `cron: Every day at 02:30 → Every day at 03:00`. */
  readonly text: string;
  /** Of `partitions`: keys that there will be and were not, and the other way round; null = not countable here. */
  readonly partitionKeys?: { readonly appear: number | null; readonly vanish: number | null };
}

export interface DefinitionChange {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a changed one; at least one. */
  readonly fields: readonly FieldChange[];
}

export interface ManifestDifference {
  readonly location: string;
  /** By kind, then name. Empty: only code that no definition shows has changed, if anything. */
  readonly changes: readonly DefinitionChange[];
}

export interface DifferenceContext {
  /** Epoch ms: decides which time windows exist. */
  readonly now: number;
  /** Keys of dynamic partitions, where they are known: without them their counts are null. */
  readonly dynamicKeys?: DynamicPartitionKeys;
}

/** Partition keys compared one by one at most; above it, changes are not counted. */
const COUNTED_KEYS = 2_000_000;

/**
 * The definitions that differ between two manifests. Positions in the source do not count, nor does the implicit job
 * of all assets, which follows from the assets.
 *
 * @param from null = there is nothing in force yet
 * @example differenceOfManifests(inForce, built, { now: clock.now() }).changes
 */
export function differenceOfManifests(
  from: Manifest | null,
  to: Manifest,
  context: DifferenceContext,
): ManifestDifference {
  const before = definitionsOf(from);
  const after = definitionsOf(to);
  const changes = after.flatMap(({ kind, definitions }, index): DefinitionChange[] => {
    const old = before[index]?.definitions ?? new Map<string, Definition>();
    const names = [...new Set([...old.keys(), ...definitions.keys()])].sort();
    return names.flatMap((name) => compare(kind, name, old.get(name), definitions.get(name), context));
  });
  return { location: to.location, changes };
}

type Definition = Readonly<Record<string, unknown>>;

interface Kind {
  readonly kind: DefinitionKind;
  readonly definitions: ReadonlyMap<string, Definition>;
}

function definitionsOf(manifest: Manifest | null): readonly Kind[] {
  const by = <T extends object>(
    kind: DefinitionKind,
    list: readonly T[] | undefined,
    nameOf: (item: T) => string,
  ): Kind => ({
    kind,
    definitions: new Map((list ?? []).map((item) => [nameOf(item), item as Definition])),
  });
  return [
    by('asset', manifest?.assets, ({ key }) => key),
    by('asset check', manifest?.assetChecks, ({ asset, name }) => `${asset}:${name}`),
    by('op', manifest?.ops, ({ name }) => name),
    by(
      'job',
      manifest?.jobs.filter(({ name }) => name !== ASSET_JOB),
      ({ name }) => name,
    ),
    by('schedule', manifest?.schedules, ({ name }) => name),
    by('sensor', manifest?.sensors, ({ name }) => name),
    by('resource', manifest?.resources, ({ name }) => name),
  ];
}

function compare(
  kind: DefinitionKind,
  name: string,
  from: Definition | undefined,
  to: Definition | undefined,
  context: DifferenceContext,
): DefinitionChange[] {
  if (from === undefined || to === undefined) {
    // The op of an asset or a check comes and goes with it.
    if (kind === 'op' && belongsToAssets(from ?? to)) return [];
    return [{ kind, name, change: from === undefined ? 'added' : 'removed', fields: [] }];
  }
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (field) => !isElsewhere(kind, field),
  );
  const fields = names.flatMap((field): FieldChange[] => {
    const old = (from[field] ?? null) as JsonValue;
    const now = (to[field] ?? null) as JsonValue;
    return canonical(old) === canonical(now) ? [] : [describeField(field, old, now, context)];
  });
  return fields.length === 0 ? [] : [{ kind, name, change: 'changed', fields }];
}

/** Where it stands changes nothing; what an op makes is said by the assets and checks themselves. */
function isElsewhere(kind: DefinitionKind, field: string): boolean {
  return field === 'source' || (kind === 'op' && (field === 'assets' || field === 'checks'));
}

function belongsToAssets(op: Definition | undefined): boolean {
  const { assets, checks } = (op ?? {}) as { assets?: readonly unknown[]; checks?: readonly unknown[] };
  return (assets?.length ?? 0) > 0 || (checks?.length ?? 0) > 0;
}

function describeField(
  field: string,
  from: JsonValue,
  to: JsonValue,
  context: DifferenceContext,
): FieldChange {
  if (field === 'partitions') {
    return describePartitions(from as PartitionsSpec | null, to as PartitionsSpec | null, context);
  }
  const text = (words: string): FieldChange => ({ field, from, to, text: `${inWords(field)}: ${words}` });
  if (field === 'cron') return text(`${cronInWords(from)} → ${cronInWords(to)}`);
  if (field === 'dependencies') return text(listChange(from, to, ({ key }) => String(key)));
  if (Array.isArray(from) && Array.isArray(to) && [...from, ...to].every(isScalar)) {
    return text(listChange(from, to, String));
  }
  if (isScalar(from) && isScalar(to)) return text(`${scalar(from)} → ${scalar(to)}`);
  return text('changed');
}

const cronInWords = (cron: JsonValue): string => {
  const expressions = (Array.isArray(cron) ? cron : [cron]).map(String);
  return `${describeCron(expressions)} (${expressions.join('; ')})`;
};

/** Names that come and go; where only something about one changed, that. */
function listChange(
  from: JsonValue,
  to: JsonValue,
  nameOf: (item: { readonly key?: JsonValue }) => string,
): string {
  const names = (list: JsonValue): string[] =>
    (Array.isArray(list) ? list : []).map((item) => nameOf(item as { readonly key?: JsonValue }));
  const [old, now] = [names(from), names(to)];
  const added = now.filter((name) => !old.includes(name)).map((name) => `+${name}`);
  const removed = old.filter((name) => !now.includes(name)).map((name) => `-${name}`);
  return [...added, ...removed].join(' ') || 'changed';
}

function describePartitions(
  from: PartitionsSpec | null,
  to: PartitionsSpec | null,
  context: DifferenceContext,
): FieldChange {
  const appear = keysOnlyIn(to, from, context);
  const vanish = keysOnlyIn(from, to, context);
  const counts = [
    appear === 0 ? '' : `${appear ?? 'an unknown number of'} keys appear`,
    vanish === 0 ? '' : `${vanish ?? 'an unknown number of'} keys vanish`,
  ].filter(Boolean);
  const kinds = `${from?.type ?? 'none'} → ${to?.type ?? 'none'}`;
  const what = from?.type === to?.type ? 'changed' : kinds;
  return {
    field: 'partitions',
    from: from as JsonValue,
    to: to as JsonValue,
    text: `partitions: ${what}; ${counts.join(', ') || 'the same keys'}`,
    partitionKeys: { appear, vanish },
  };
}

/** Keys of one definition that the other has not; null when they cannot be counted. */
function keysOnlyIn(
  spec: PartitionsSpec | null,
  other: PartitionsSpec | null,
  { now, dynamicKeys }: DifferenceContext,
): number | null {
  if (spec === null) return 0;
  if (hasUnknownKeys(spec, dynamicKeys) || (other !== null && hasUnknownKeys(other, dynamicKeys)))
    return null;
  const keys = partitionKeySet(spec, now, dynamicKeys);
  if (other === null) return keys.count;
  if (keys.count > COUNTED_KEYS) return null;
  const others = partitionKeySet(other, now, dynamicKeys);
  let count = 0;
  for (let index = 0; index < keys.count; index += 1) {
    if (others.indexOf(keys.keyAt(index)) < 0) count += 1;
  }
  return count;
}

function hasUnknownKeys(spec: PartitionsSpec, known: DynamicPartitionKeys | undefined): boolean {
  if (spec.type === 'multi')
    return Object.values(spec.dimensions).some((each) => hasUnknownKeys(each, known));
  return spec.type === 'dynamic' && known?.[spec.name] === undefined;
}

const isScalar = (value: JsonValue): value is string | number | boolean | null =>
  value === null || typeof value !== 'object';

/** Longer texts, such as descriptions, are cut. */
const LONGEST = 60;

function scalar(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  const text = String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** `minimumIntervalSeconds` → `minimum interval seconds` */
const inWords = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The same for the same data, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
