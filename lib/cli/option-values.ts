import { InvalidArgumentError } from 'commander';

/** Of an option that may be repeated: all its values. */
export const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

/** @throws {InvalidArgumentError} */
export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value))
    throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return value;
}

/** @throws {InvalidArgumentError} */
export function portNumber(text: string): number {
  const value = integer(text);
  if (value < 0 || value > 65_535)
    throw new InvalidArgumentError(`"${text}" is no port: those are 0 to 65535.`);
  return value;
}

/**
 * How many of something, at least one.
 *
 * @example .option('--limit <n>', 'how many, at most 100', countUpTo(100), 20)
 */
export const countUpTo =
  (most: number) =>
  (text: string): number => {
    const value = integer(text);
    if (value < 1 || value > most)
      throw new InvalidArgumentError(
        most === Number.POSITIVE_INFINITY
          ? `"${text}" is not a whole number above 0.`
          : `"${text}" is not a whole number from 1 to ${most}.`,
      );
    return value;
  };

export const count = countUpTo(Number.POSITIVE_INFINITY);
