import { GraphQLError } from 'graphql';
import { maskError, type Plugin } from 'graphql-yoga';
import { EngineError } from '../engine/errors';
import { isTransient, UnstorableValueError } from '../ports/errors';
import { ClientFacingError } from './client-facing-error';
import { MOST_VALUES, queryCost } from './query-cost';
import { QUERY_LIMITS, queryLimits } from './query-limits';

/** Refuses queries that are too long, too deep, alias too much, or ask for too many rows of rows. */
export const limitQueries: Plugin = {
  onParse({ params: { source } }) {
    const { length } = String(source);
    if (length <= QUERY_LIMITS.characters) return;
    throw new GraphQLError(
      `The query has ${length} characters; at most ${QUERY_LIMITS.characters} are answered.`,
      { extensions: { http: { status: 413 } } },
    );
  },
  onValidate: ({ addValidationRule }) => addValidationRule(queryLimits),
  onExecute({ args: { schema, document, operationName, variableValues } }) {
    const cost = queryCost({ schema, document, operationName, variables: variableValues ?? {} });
    if (cost <= MOST_VALUES) return;
    throw new GraphQLError(
      `The query may answer ${cost} values; at most ${MOST_VALUES} are answered. Ask for smaller pages, or less of each row.`,
      { extensions: { http: { status: 400 } } },
    );
  },
};

/** A query that cannot be read or is not valid answers 400 whatever type of answer was asked for, as Dagster does. */
export const badRequestStatus: Plugin = {
  onResultProcess({ result }) {
    for (const each of Array.isArray(result) ? result : [result]) {
      const errors: readonly GraphQLError[] = 'errors' in each ? (each.errors ?? []) : [];
      for (const { extensions } of errors) {
        const http = extensions?.http as { spec?: boolean } | undefined;
        if (http?.spec === true) http.spec = false;
      }
    }
  },
};

/** Shows callers what is meant for them; what nobody expected is reported and hidden. */
export function maskUnexpectedErrors(onError: (error: unknown) => void): typeof maskError {
  return (error, message, isDev) => {
    const original = (error as { readonly originalError?: unknown }).originalError ?? error;
    const isForCaller = [GraphQLError, ClientFacingError, EngineError, UnstorableValueError].some(
      (kind) => original instanceof kind,
    );
    if (isForCaller) return error as Error;
    if (isTransient(original)) {
      const { path, nodes } = error as GraphQLError;
      return new GraphQLError(`${(original as Error).message} Try again.`, {
        ...(path === undefined ? {} : { path }),
        ...(nodes === undefined ? {} : { nodes }),
        extensions: { http: { status: 503, headers: { 'retry-after': '5' } } },
      });
    }
    onError(original);
    return maskError(error, message, isDev);
  };
}
