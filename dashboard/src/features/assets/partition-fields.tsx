import { useMemo, useState } from 'react';
import {
  crossPartitions,
  type PartitionChoice,
  readPartitions,
  splitDimensions,
  writePartitions,
} from '../launchpad/partition-choice';
import { PartitionPicker } from '../launchpad/partition-picker';

/** What is typed: of two dimensions a text for each, unless the first names pairs. */
interface PartitionTexts {
  readonly first: string;
  readonly second: string;
}

export interface PartitionFieldsState {
  readonly keys: readonly string[];
  /** The keys of both dimensions; undefined of one. */
  readonly dimensions: readonly [readonly string[], readonly string[]] | undefined;
  readonly texts: PartitionTexts;
  readonly first: PartitionChoice;
  readonly second: PartitionChoice | undefined;
  readonly choice: PartitionChoice;
  readonly setTexts: (texts: PartitionTexts) => void;
}

/** The texts that stand for some keys; of two dimensions those of the pairs' sides, where all their pairs are meant. */
export function writeTexts(
  chosen: readonly string[],
  keys: readonly string[],
  dimensions: PartitionFieldsState['dimensions'],
): PartitionTexts {
  if (!dimensions || chosen.length === 0) return { first: writePartitions(chosen, keys), second: '' };
  const [rows, columns] = splitDimensions(chosen);
  const texts = {
    first: writePartitions(rows, dimensions[0]),
    second: writePartitions(columns, dimensions[1]),
  };
  const all = readTexts(texts, keys, dimensions).choice.keys;
  return all.length === chosen.length ? texts : { first: chosen.join(', '), second: '' };
}

function readTexts(
  texts: PartitionTexts,
  keys: readonly string[],
  dimensions: PartitionFieldsState['dimensions'],
) {
  if (!dimensions || texts.first.includes('|')) {
    const first = readPartitions(texts.first, keys);
    return { first, second: undefined, choice: first };
  }
  const first = readPartitions(texts.first, dimensions[0]);
  const second = readPartitions(texts.second, dimensions[1]);
  return { first, second, choice: crossPartitions(first, second, keys) };
}

/** A choice among partition keys, of one or two dimensions; it begins with some, else with the latest. */
export function usePartitionFields(
  keys: readonly string[],
  initial: readonly string[],
): PartitionFieldsState {
  const dimensions = useMemo(() => (keys[0]?.includes('|') ? splitDimensions(keys) : undefined), [keys]);
  const [texts, setTexts] = useState(() =>
    writeTexts(initial.length > 0 ? initial : keys.slice(-1), keys, dimensions),
  );
  const read = useMemo(() => readTexts(texts, keys, dimensions), [texts, keys, dimensions]);
  return { keys, dimensions, texts, setTexts, ...read };
}

/** A field for each dimension, called by its name. */
export function PartitionFields({
  state,
  names,
}: {
  readonly state: PartitionFieldsState;
  /** Of the dimensions, in the order of the keys' parts. */
  readonly names: readonly string[];
}) {
  const { dimensions, texts, setTexts, first, second, keys } = state;
  return (
    <>
      <PartitionPicker
        label={second ? (names[0] ?? 'First dimension') : 'Partition'}
        text={texts.first}
        keys={second && dimensions ? dimensions[0] : keys}
        count={first.keys.length}
        problem={first.problem}
        onChange={(text) => setTexts({ ...texts, first: text })}
      />
      {second && dimensions && (
        <PartitionPicker
          label={names[1] ?? 'Second dimension'}
          text={texts.second}
          keys={dimensions[1]}
          count={second.keys.length}
          problem={second.problem}
          onChange={(text) => setTexts({ ...texts, second: text })}
        />
      )}
    </>
  );
}
