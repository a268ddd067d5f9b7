import { keyText } from '../../components/format/asset-key';
import { formatCount } from '../../components/format/number';
import type { TagPair } from '../../components/run-tags';
import { readMetadata } from './read-metadata';
import type { RunEvent, StepStats } from './run-types';

/** One run's part of a step. */
export interface StepSide {
  readonly status: StepStats['status'];
  /** Ms; undefined until it has ended. */
  readonly duration: number | undefined;
  readonly tries: number;
}

export interface StepComparison {
  readonly key: string;
  /** Undefined where the run has no such step, or did not come to it. */
  readonly mine: StepSide | undefined;
  readonly other: StepSide | undefined;
  /** Ms that this run took longer; negative = less. Undefined unless both ended. */
  readonly change: number | undefined;
}

/** The steps of two runs side by side: this run's in the order of their start, then what only the other has. */
export function compareSteps(
  mine: readonly StepStats[],
  other: readonly StepStats[],
): readonly StepComparison[] {
  const others = new Map(other.map((step) => [step.stepKey, step]));
  const own = new Set(mine.map((step) => step.stepKey));
  const ordered = [
    ...mine.toSorted((a, b) => (a.startTime ?? Number.MAX_VALUE) - (b.startTime ?? Number.MAX_VALUE)),
    ...other.filter((step) => !own.has(step.stepKey)),
  ];
  const ownSteps = new Map(mine.map((step) => [step.stepKey, step]));
  return ordered.map(({ stepKey: key }) => {
    const [a, b] = [sideOf(ownSteps.get(key)), sideOf(others.get(key))];
    const change =
      a?.duration === undefined || b?.duration === undefined ? undefined : a.duration - b.duration;
    return { key, mine: a, other: b, change };
  });
}

function sideOf(step: StepStats | undefined): StepSide | undefined {
  if (!step) return undefined;
  const { startTime, endTime, status, attempts } = step;
  const duration = startTime === null || endTime === null ? undefined : (endTime - startTime) * 1_000;
  return { status, duration, tries: Math.max(1, attempts.length) };
}

export interface ValueDifference {
  readonly name: string;
  readonly mine: string | undefined;
  readonly other: string | undefined;
}

/** Tags that the two runs do not have alike, by key. */
export function compareTags(mine: readonly TagPair[], other: readonly TagPair[]): readonly ValueDifference[] {
  const [a, b] = [mine, other].map((tags) => new Map(tags.map(({ key, value }) => [key, value])));
  return [...new Set([...mine, ...other].map(({ key }) => key))]
    .sort()
    .map((name) => ({ name, mine: a?.get(name), other: b?.get(name) }))
    .filter(({ mine: left, other: right }) => left !== right);
}

export interface MetadataDifference extends ValueDifference {
  /** Asset, with its partition. */
  readonly asset: string;
  /** Of numbers: `+1,204 (+12 %)`. */
  readonly change: string | undefined;
}

export interface MetadataComparison {
  readonly differences: readonly MetadataDifference[];
  /** Values that are alike. */
  readonly same: number;
}

/** What two runs said of the assets that either materialized; the last word of each counts. */
export function compareMetadata(mine: readonly RunEvent[], other: readonly RunEvent[]): MetadataComparison {
  const [a, b] = [metadataOf(mine), metadataOf(other)];
  const differences: MetadataDifference[] = [];
  let same = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(key), b.get(key)];
    const said = left ?? right;
    if (!said) continue;
    if (left?.text === right?.text) {
      same += 1;
      continue;
    }
    differences.push({
      asset: said.asset,
      name: said.label,
      mine: left?.text,
      other: right?.text,
      change: changeText(left?.number, right?.number),
    });
  }
  return { differences, same };
}

interface Value {
  readonly asset: string;
  readonly label: string;
  readonly text: string;
  readonly number: number | undefined;
}

function metadataOf(events: readonly RunEvent[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const event of events) {
    if (event.__typename !== 'MaterializationEvent' || !event.assetKey) continue;
    const partition = event.partition ? ` · ${event.partition}` : '';
    const asset = `${keyText(event.assetKey)}${partition}`;
    for (const entry of event.metadataEntries) {
      const value = readMetadata(entry);
      if (value) values.set(`${asset}\n${entry.label}`, { asset, label: entry.label, ...value });
    }
  }
  return values;
}

function changeText(mine: number | undefined, other: number | undefined): string | undefined {
  if (mine === undefined || other === undefined || !Number.isFinite(mine - other)) return undefined;
  const sign = mine > other ? '+' : '−';
  const share = other === 0 ? undefined : Math.abs(((mine - other) / other) * 100);
  const percent =
    share === undefined ? '' : ` (${sign}${share < 10 ? share.toFixed(1) : Math.round(share)} %)`;
  return `${sign}${formatCount(Math.abs(mine - other))}${percent}`;
}

export interface DiffLine {
  readonly kind: 'same' | 'mine' | 'other';
  readonly text: string;
}

/** Lines of a text that are compared at most; the table of a comparison grows by its square. */
const comparedLines = 1_500;

/** The lines of two texts in one order, each said to be in both or in one; undefined when that is too much. */
export function compareLines(mine: string, other: string): readonly DiffLine[] | undefined {
  const [a, b] = [mine.split('\n'), other.split('\n')];
  if (a.length > comparedLines || b.length > comparedLines) return undefined;
  // lengths[i][j]: the longest common run of lines from a[i] and b[j] on.
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j < b.length && (i === a.length || at(i, j + 1) >= at(i + 1, j))) {
      lines.push({ kind: 'other', text: b[j] ?? '' });
      j += 1;
    } else {
      lines.push({ kind: 'mine', text: a[i] ?? '' });
      i += 1;
    }
  }
  return lines;
}
