import { CliError, EXIT } from './errors';

/** What a query of the CLI asks of typed errors. */
export const ERROR_FIELDS = '... on Error { message } ... on PythonError { className }';

/** A member of a union, of which some are errors. */
export interface MaybeRefused {
  readonly __typename: string;
  readonly message?: string;
  readonly className?: string | null;
}

/** Why something was not done; undefined when it was. The name of an error's class says nothing to a person. */
export function refusalOf({ message, className }: MaybeRefused): string | undefined {
  const prefix = `${className}: `;
  return message?.startsWith(prefix) ? message.slice(prefix.length) : message;
}

/** @throws {CliError} it was not done */
export function throwIfRefused(answer: MaybeRefused | undefined): void {
  const refusal = answer && refusalOf(answer);
  if (refusal !== undefined) throw new CliError(refusal, { exitCode: EXIT.failed });
}
