/** What a hand-written partition key may look like. */
import { InvalidPartitionsSpecError, type StaticPartitionsSpec } from './partitions-spec';

/**
 * Partitions with a fixed, ordered list of keys.
 * @example staticPartitions(['eu', 'us'])
 * @throws {InvalidPartitionsSpecError}
 */
export function staticPartitions(keys: readonly string[]): StaticPartitionsSpec {
  const spec: StaticPartitionsSpec = { type: 'static', keys: [...keys] };
  validateKeys(spec.keys);
  return spec;
}

/** @throws {InvalidPartitionsSpecError} for a key that comes twice or has a character that keys cannot have */
export function validateKeys(keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    const problem = problemOfKey(key);
    if (problem !== null) throw new InvalidPartitionsSpecError(`key '${key}' ${problem}`);
    if (seen.has(key)) throw new InvalidPartitionsSpecError(`key '${key}' is listed twice`);
    seen.add(key);
  }
}

/**
 * Why a key cannot be used, or null if it can. Also for keys added to dynamic partitions.
 * `...` separates the ends of a range; control characters do not survive tags and URLs.
 */
export function problemOfKey(key: string): string | null {
  if (key.includes('...')) return "contains '...', which separates the ends of a range";
  const control = [...key].find((character) => {
    const code = character.codePointAt(0) as number;
    return code < 0x20 || code === 0x7f;
  });
  if (control !== undefined) return 'contains a control character';
  return null;
}

/** As {@link problemOfKey}, for a key of a dimension: the characters that join and list dimensions are taken. */
export function problemOfDimensionKey(key: string): string | null {
  const taken = /[|,[\]]/.exec(key)?.[0];
  return taken === undefined ? problemOfKey(key) : `contains '${taken}', which separates dimensions`;
}
