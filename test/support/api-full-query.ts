import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/**
 * A document that asks one root field for everything below it, down to a depth. It is to be executed without being
 * validated: members of a union may give one field name different types.
 *
 * @param without names of fields that are not asked for, wherever they stand
 */
export function fullQuery(
  schema: GraphQLSchema,
  operation: 'query' | 'mutation',
  field: string,
  args: string,
  depth: number,
  without: ReadonlySet<string> = new Set(),
): string {
  const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
  const definition = root?.getFields()[field];
  if (definition === undefined) throw new Error(`There is no ${operation} ${field}.`);
  const answered = getNamedType(definition.type);
  return `${operation} { ${field}${args === '' ? '' : `(${args})`} ${selection(schema, answered, depth, without)} }`;
}

function selection(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  without: ReadonlySet<string>,
): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const members = schema
      .getPossibleTypes(type)
      .map((member) => `... on ${member.name} ${selection(schema, member, depth, without)}`);
    return `{ __typename ${members.join(' ')} }`;
  }
  if (!isObjectType(type)) throw new Error(`${type.name} cannot be selected from.`);
  const fields = Object.values(type.getFields()).flatMap((field) =>
    fieldSelection(schema, field, depth, without),
  );
  return `{ __typename ${fields.join(' ')} }`;
}

/** Fields below a root that answer nothing without arguments, although the schema does not require any. */
const ARGUMENTS: Readonly<Record<string, string>> = { daemonStatus: '(daemonType: "SENSOR")' };

function fieldSelection(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  without: ReadonlySet<string>,
): string[] {
  if (without.has(field.name)) return [];
  const type = getNamedType(field.type);
  if (field.args.some(isRequiredArgument)) return [];
  if (isLeafType(type)) return [field.name];
  if (depth === 0) return [];
  const limit = field.args.some((argument: GraphQLArgument) => argument.name === 'limit') ? '(limit: 3)' : '';
  return [`${field.name}${ARGUMENTS[field.name] ?? limit} ${selection(schema, type, depth - 1, without)}`];
}

/** Object types that an answer of a type can hold, at any depth. */
export function typesBelow(schema: GraphQLSchema, root: string): ReadonlySet<string> {
  const found = new Set<GraphQLNamedType>();
  const visit = (type: GraphQLNamedType | undefined): void => {
    if (type === undefined || found.has(type)) return;
    found.add(type);
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
  };
  visit(schema.getType(root));
  return new Set(
    [...found].filter((type) => isObjectType(type) && type.name !== root).map(({ name }) => name),
  );
}
