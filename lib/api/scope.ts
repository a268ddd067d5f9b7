import type { Reach } from './access';
import type { ForbiddenError } from './client-facing-error';

/** What a caller sees, where they may do what they are at, and how they are refused. */
export interface Scope {
  /** Whether a code location and what is in it is there for the caller. */
  sees(location: string): boolean;
  /** Whether they have the role in it that the action needs. */
  reaches(location: string): boolean;
  /** The names of the code locations that `reaches` holds for. */
  readonly reach: Reach;
  /** Whether the action may change something. */
  readonly mayWrite: boolean;
  /** @param what e.g. `code location 'shop'` */
  refusal(what: string): ForbiddenError;
}

/** @throws {ForbiddenError} nothing in this code location may be changed */
export function requireWrite(scope: Scope, location: string): void {
  if (!scope.mayWrite || !scope.reaches(location)) throw scope.refusal(`code location '${location}'`);
}
