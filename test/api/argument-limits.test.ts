import {
  type GraphQLField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { ApiContext } from '../../lib/api/api-context';
import {
  hasPages,
  ListTooLongError,
  MOST_MEMBERS,
  MOST_MEMBERS_OF,
  tooLong,
} from '../../lib/api/argument-limits';
import { schema } from '../../lib/api/schema';

/** A list that a field takes. */
interface ListArgument {
  readonly type: string;
  readonly field: GraphQLField<unknown, ApiContext>;
  /** By which `MOST_MEMBERS_OF` knows it. */
  readonly place: string;
  /** Arguments of the field in which the list has so many members. */
  args(members: number): Readonly<Record<string, unknown>>;
}

const bare = (type: GraphQLInputType): GraphQLInputType => (isNonNullType(type) ? type.ofType : type);

/** Every list of a type, with how a value that has it is made. */
function listsIn(
  type: GraphQLInputType,
  place: string,
  within: readonly string[] = [],
): readonly { readonly place: string; readonly value: (members: number) => unknown }[] {
  const plain = bare(type);
  if (isListType(plain)) {
    const member = bare(plain.ofType);
    return [
      { place, value: (members) => new Array(members).fill(isInputObjectType(member) ? {} : 'x') },
      // Lists in the members of a list: one member is enough to have one.
      ...listsIn(member, place, within).map((inner) => ({
        place: inner.place,
        value: (members: number) => [inner.value(members)],
      })),
    ];
  }
  if (!isInputObjectType(plain) || within.includes(plain.name)) return [];
  return Object.values(plain.getFields()).flatMap((field) =>
    listsIn(field.type, `${plain.name}.${field.name}`, [...within, plain.name]).map((inner) => ({
      place: inner.place,
      value: (members: number) => ({ [field.name]: inner.value(members) }),
    })),
  );
}

const LISTS: readonly ListArgument[] = Object.values(schema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && !type.name.startsWith('__')
    ? Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap((argument) =>
          listsIn(argument.type, `${type.name}.${field.name}(${argument.name})`).map(({ place, value }) => ({
            type: type.name,
            field,
            place,
            args: (members: number) => ({ [argument.name]: value(members) }),
          })),
        ),
      )
    : [],
);

const mostOf = (place: string): number => MOST_MEMBERS_OF[place] ?? MOST_MEMBERS;

/** What a field answers before anything of its own is done: its context has nothing to do it with. */
async function ask({ field }: ListArgument, args: object): Promise<unknown> {
  const context = { audit: { record: (_action: string, _args: object, run: () => unknown) => run() } };
  return field.resolve?.({}, args, context as unknown as ApiContext, {} as never);
}

test('the schema takes lists in many places', () => {
  const places = new Set(LISTS.map(({ place }) => place));
  expect(places.size).toBeGreaterThan(40);
  expect([...places]).toEqual(expect.arrayContaining(Object.keys(MOST_MEMBERS_OF)));
});

test('every list of every argument may be as long as its limit, and no longer', async () => {
  const wrong: string[] = [];
  for (const list of LISTS) {
    const { type, field, place } = list;
    const most = mostOf(place);
    const name = `${type}.${field.name}: ${place}`;
    if (tooLong(type, field, list.args(most)) !== undefined) wrong.push(`${name} refuses ${most}`);
    const answer = await ask(list, list.args(most + 1)).catch((error: unknown) => error);
    const words =
      answer instanceof ListTooLongError
        ? answer.message
        : (answer as { readonly __typename?: string; readonly message?: string } | undefined)?.message;
    if (!words?.includes(`has ${most + 1} members; at most ${most} are taken`))
      wrong.push(`${name} takes ${most + 1}`);
  }
  expect(wrong).toEqual([]);
});

test('a field whose union has errors answers one; another fails', async () => {
  const named = (place: string): ListArgument => {
    const found = LISTS.find((list) => list.place === place);
    if (found === undefined) throw new Error(`There is no ${place}.`);
    return found;
  };
  const terminate = named('Mutation.terminateRuns(runIds)');
  const nodes = named('Query.assetNodes(assetKeys)');

  expect(await ask(terminate, terminate.args(1_001))).toMatchObject({
    __typename: 'PythonError',
    name: 'ListTooLongError',
    message: 'terminateRuns(runIds) has 1001 members; at most 1000 are taken. Ask in several requests.',
  });
  await expect(ask(nodes, nodes.args(10_001))).rejects.toThrow(
    'assetNodes(assetKeys) has 10001 members; at most 10000 are taken. Ask in several requests.',
  );
});

test('every page may have as many rows as its limit, and no more', async () => {
  const pages = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter((field) => hasPages(type.name, field))
          .map((field) => ({ name: `${type.name}.${field.name}`, field }))
      : [],
  );
  expect(pages.length).toBeGreaterThan(30);

  const refused = await Promise.all(
    pages.map(async ({ name, field }) => {
      // What is asked of nothing fails in other ways.
      const refuses = async (limit: number): Promise<boolean> =>
        (async () => field.resolve?.({}, { limit }, {} as ApiContext, {} as never))().then(
          () => false,
          (error: Error) => error.message === `limit ${limit}: pages hold 0 to 1000 rows.`,
        );
      return [name, await Promise.all([-1, 0, 1_000, 1_001].map(refuses))];
    }),
  );

  expect(refused).toEqual(pages.map(({ name }) => [name, [true, false, false, true]]));
});
