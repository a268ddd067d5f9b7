import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { ApiContext } from './api-context';
import { ClientFacingError } from './client-facing-error';
import { pythonError } from './schema/errors';
import { MAX_PAGE, pageSize } from './schema/paging';

/** Members that a list of a request may have: what one statement looks up together. */
export const MOST_MEMBERS = 10_000;

/** Other lists, by `Type.field` of an input, or `Type.field(argument)`. */
export const MOST_MEMBERS_OF: Readonly<Record<string, number>> = {
  // Each member takes statements of its own.
  'Mutation.terminateRuns(runIds)': MAX_PAGE,
  'Mutation.launchMultipleRuns(executionParamsList)': 100,
  'Mutation.wipeAssets(assetPartitionRanges)': MAX_PAGE,
  'ReportRunlessAssetEventsParams.partitionKeys': MAX_PAGE,
  'ReportAssetCheckEvaluationsParams.partitionKeys': MAX_PAGE,
  // Each has up to a page of values in the answer.
  'Query.runTagsOrError(tagKeys)': 100,
  // Each key is a table to join, or looked at with every run of a window, as is each name.
  'RunsFilter.tags': 50,
  // Each is a statement within one.
  'RunsFilter.pipelineNames': 50,
  'RunTimelineFilter.tags': 50,
  'RunTimelineFilter.names': 100,
  'RunTimelineFilter.excludedNames': 100,
  // As many as POST /api/backfills takes.
  'LaunchBackfillParams.partitionNames': 100_000,
  'AssetBackfillPreviewParams.partitionNames': 100_000,
};

/** A list of a request has more members than are taken. */
export class ListTooLongError extends ClientFacingError {
  override readonly name = 'ListTooLongError';
}

/** A list of a request, e.g. `terminateRuns(runIds)`, that is too long. */
export interface TooLong {
  readonly list: string;
  readonly members: number;
  readonly most: number;
}

/** Whose `limit` is one of bytes, or of a pool's slots. */
const NO_PAGES: ReadonlySet<string> = new Set(['Query.capturedLogs', 'Mutation.setConcurrencyLimit']);

/**
 * Refuses lists that are too long and pages that are too large, wherever a field of the schema takes them, also one that
 * is added later. A list is refused by the typed error of the field's union, or, as a page is, by an error of the whole query.
 */
export function limitArguments(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.some((argument) => takesList(argument.type))) limitMembers(type.name, field);
      if (hasPages(type.name, field)) limitPages(field);
    }
  }
  return schema;
}

/** Whether the rows that a field answers are bounded by its `limit`. */
export function hasPages(
  type: string,
  { name, args }: Pick<GraphQLField<unknown, ApiContext>, 'name' | 'args'>,
): boolean {
  return !NO_PAGES.has(`${type}.${name}`) && args.some((argument) => argument.name === 'limit');
}

function limitPages(field: GraphQLField<unknown, ApiContext>): void {
  const { resolve } = field;
  if (resolve === undefined) return;
  field.resolve = (source, args: { readonly limit?: number | null }, context, info) => {
    pageSize(args.limit, 0);
    return resolve(source, args, context, info);
  };
}

function limitMembers(type: string, field: GraphQLField<unknown, ApiContext>): void {
  const { resolve } = field;
  if (resolve === undefined) return;
  const answer = getNamedType(field.type);
  const isTyped = isUnionType(answer) && answer.getTypes().some(({ name }) => name === 'PythonError');
  field.resolve = (source, args: Readonly<Record<string, unknown>>, context, info) => {
    const found = tooLong(type, field, args);
    if (found === undefined) return resolve(source, args, context, info);
    const error = new ListTooLongError(
      `${found.list} has ${found.members} members; at most ${found.most} are taken. Ask in several requests.`,
    );
    if (isTyped) return pythonError(error);
    throw error;
  };
}

/** The first list among a field's arguments that is too long. */
export function tooLong(
  type: string,
  { name, args }: Pick<GraphQLField<unknown, ApiContext>, 'name' | 'args'>,
  values: Readonly<Record<string, unknown>>,
): TooLong | undefined {
  for (const argument of args) {
    const found = ofArgument(`${type}.${name}`, name, argument, values[argument.name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const ofArgument = (field: string, name: string, argument: GraphQLArgument, value: unknown) =>
  ofValue(argument.type, value, `${field}(${argument.name})`, `${name}(${argument.name})`);

/**
 * @param place by which `MOST_MEMBERS_OF` knows it
 * @param said for the caller, with the whole way to it
 */
function ofValue(type: GraphQLInputType, value: unknown, place: string, said: string): TooLong | undefined {
  if (isNonNullType(type)) return ofValue(type.ofType, value, place, said);
  if (value === null || value === undefined) return undefined;
  if (isListType(type)) {
    const members = value as readonly unknown[];
    const most = MOST_MEMBERS_OF[place] ?? MOST_MEMBERS;
    if (members.length > most) return { list: said, members: members.length, most };
    if (!takesList(type.ofType)) return undefined;
    return first(members, (member) => ofValue(type.ofType, member, place, said));
  }
  if (!isInputObjectType(type)) return undefined;
  return first(Object.values(type.getFields()), (field) =>
    ofValue(
      field.type,
      (value as Readonly<Record<string, unknown>>)[field.name],
      `${type.name}.${field.name}`,
      `${said}.${field.name}`,
    ),
  );
}

function first<T>(items: readonly T[], look: (item: T) => TooLong | undefined): TooLong | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value of this type may have a list in it. */
function takesList(type: GraphQLInputType, within: readonly string[] = []): boolean {
  if (isNonNullType(type)) return takesList(type.ofType, within);
  if (isListType(type)) return true;
  if (!isInputObjectType(type) || within.includes(type.name)) return false;
  return Object.values(type.getFields()).some((field) => takesList(field.type, [...within, type.name]));
}
