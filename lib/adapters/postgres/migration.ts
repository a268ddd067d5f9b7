/** One numbered SQL file, run in one transaction. */
export interface Migration {
  /** Ascending from 1, without gaps. */
  readonly id: number;
  readonly name: string;
  /** Code that does not know a breaking migration must not run against it (header `--! breaking`). */
  readonly breaking: boolean;
  readonly sql: string;
}
