import type { CapturedSource } from '../source-capture';

/** One thing wrong with the definitions of a location. */
export interface Mistake {
  /** Names the definition, says what is wrong and what to do. */
  readonly message: string;
  readonly source: CapturedSource;
}

/** Everything that is wrong with the definitions of a location, found in one go. */
export class DefinitionsError extends Error {
  override readonly name = 'DefinitionsError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(({ message, source }) => `  ${message}${where(source)}`);
    const count = mistakes.length === 1 ? 'One mistake' : `${mistakes.length} mistakes`;
    super(`${count} in the definitions:\n${lines.join('\n')}`);
    this.mistakes = mistakes;
  }
}

/** Collects mistakes while definitions are checked. */
export class MistakeList {
  readonly all: Mistake[] = [];

  /** Reports a mistake of one definition. @param what e.g. `Asset raw/earthquakes` */
  add(what: string, source: CapturedSource, message: string): void {
    this.all.push({ message: `${what}: ${message}`, source });
  }

  /** A function that reports mistakes of one definition. */
  of(what: string, source: CapturedSource): (message: string) => void {
    return (message) => this.add(what, source, message);
  }
}

const where = ({ file, line }: CapturedSource): string => (file === '' ? '' : ` (${file}:${line})`);
