import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { JsonValue } from '../../model/json';
import type { ApiContext } from '../api-context';
import { ForbiddenError } from '../client-facing-error';
import type { AuditedOutcome } from './audit-trail';

/** Every mutation of a schema keeps who asked for it and what came of it, also one that is added later. */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context: ApiContext, info) =>
      context.audit.record(field.name, args, async () => resolve(source, args, context, info), {
        answer: (value) => outcomeOf(schema, value),
        error: (error) => ({
          outcome: error instanceof ForbiddenError ? 'REFUSED' : 'FAILED',
          message: error instanceof Error ? error.message : String(error),
          made: null,
        }),
      });
  }
  return schema;
}

/** A member of a result's union. */
interface Answer {
  readonly __typename?: string;
  readonly message?: string;
  readonly backfillId?: string;
  readonly run?: { readonly runId: string };
}

/** What an answer means: a typed error is one; of several answers in one, all must be. */
function outcomeOf(schema: GraphQLSchema, value: unknown): AuditedOutcome {
  const answers = answersIn(value);
  const errors = answers.filter(({ __typename = '' }) => isError(schema, __typename));
  const messages = [...new Set(errors.map(({ message }) => message ?? ''))];
  const made: JsonValue = answers.flatMap(({ backfillId, run }) => backfillId ?? run?.runId ?? []);
  if (errors.length === 0) return { outcome: 'DONE', message: null, made: made.length === 0 ? null : made };
  if (errors.length < answers.length)
    return { outcome: 'DONE', message: `${errors.length} of ${answers.length}: ${messages.join(' ')}`, made };
  const refused = errors.every(({ __typename }) => __typename === 'UnauthorizedError');
  return { outcome: refused ? 'REFUSED' : 'FAILED', message: messages.join(' '), made: null };
}

/** Mutations of several things answer a list of members within one. */
function answersIn(value: unknown): readonly Answer[] {
  if (typeof value !== 'object' || value === null) return [];
  const lists = Object.values(value).filter(
    (item): item is readonly Answer[] =>
      Array.isArray(item) && item.some((each) => each?.__typename !== undefined),
  );
  return lists.length === 0 ? [value as Answer] : lists.flat();
}

/** Whether a member of a mutation's union says that it was not done. */
export function isError(schema: GraphQLSchema, typename: string): boolean {
  // What stops or validates a run says so by its name alone, as in Dagster.
  if (/(Failure|Invalid)$/.test(typename)) return true;
  const type = schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error');
}
