import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Objects of one type on one way from a root query. */
export interface Place {
  readonly type: GraphQLObjectType;
  /** Names of its fields that can be asked. */
  readonly fields: readonly string[];
  /** A document that asks these of its fields of every object there. */
  document(fields: readonly string[]): string;
  /** What one of its fields leads to. */
  below(field: string): readonly Place[];
}

/**
 * Where a root query leads to.
 *
 * @param root the query, with its arguments in brackets
 * @param args by `Type.field`; a field that requires arguments and has none here is left out
 */
export function placesOf(
  schema: GraphQLSchema,
  root: string,
  args: Readonly<Record<string, string>>,
): readonly Place[] {
  const field = schema.getQueryType()?.getFields()[root.split('(', 1)[0] ?? ''];
  if (field === undefined) throw new Error(`There is no query ${root}.`);
  return placesAt(schema, getNamedType(field.type), (selection) => `{ ${root} ${selection} }`, args);
}

function placesAt(
  schema: GraphQLSchema,
  answered: GraphQLNamedType,
  wrap: (selection: string) => string,
  args: Readonly<Record<string, string>>,
): readonly Place[] {
  const members = isAbstractType(answered) ? schema.getPossibleTypes(answered) : [answered];
  return members.filter(isObjectType).map((type): Place => {
    const typeOf = (field: string): GraphQLNamedType => {
      const found = type.getFields()[field];
      if (found === undefined) throw new Error(`${type.name} has no ${field}.`);
      return getNamedType(found.type);
    };
    const calls = new Map(
      Object.values(type.getFields()).flatMap((field) => {
        const given = args[`${type.name}.${field.name}`];
        if (given !== undefined) return [[field.name, `${field.name}(${given})`] as const];
        return field.args.some(isRequiredArgument) ? [] : [[field.name, field.name] as const];
      }),
    );
    const select = (selection: string): string =>
      wrap(isAbstractType(answered) ? `{ ... on ${type.name} { ${selection} } }` : `{ ${selection} }`);
    const ask = (field: string): string =>
      `${calls.get(field)}${isLeafType(typeOf(field)) ? '' : ' { __typename }'}`;
    return {
      type,
      fields: [...calls.keys()],
      document: (fields) => select(['__typename', ...fields.map(ask)].join(' ')),
      below: (field) =>
        placesAt(schema, typeOf(field), (selection) => select(`${calls.get(field)} ${selection}`), args),
    };
  });
}

/** Names of the root queries that answer a list of objects, by themselves or in an answer that holds little else. */
export function listQueries(schema: GraphQLSchema): string[] {
  const isListOfObjects = (field: GraphQLField<unknown, unknown>): boolean => {
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    return isListType(type) && !isLeafType(getNamedType(type));
  };
  const holdsList = (type: GraphQLObjectType): boolean =>
    !type.name.endsWith('Error') &&
    type.getFields().id === undefined &&
    Object.values(type.getFields()).some(isListOfObjects);
  return Object.values(schema.getQueryType()?.getFields() ?? {})
    .filter((field) => {
      const answered = getNamedType(field.type);
      const members = isAbstractType(answered) ? schema.getPossibleTypes(answered) : [answered];
      return isListOfObjects(field) || members.some((member) => isObjectType(member) && holdsList(member));
    })
    .map(({ name }) => name);
}
