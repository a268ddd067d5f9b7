import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';

/**
 * What another schema's clients would notice, one line each, of the types that both schemas have: what is missing, and
 * what has another type. What only ours has is no difference: clients do not ask for it.
 *
 * @example ['Run.foo: missing', 'Run.id: ID! is ID', 'Query.runsOrError(limit): missing', 'RunStatus.LATE: missing']
 */
export function compareSchemas(theirs: GraphQLSchema, ours: GraphQLSchema): string[] {
  return Object.values(theirs.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => {
      const own = ours.getType(type.name);
      return own === undefined ? [] : compareTypes(type, own);
    });
}

function compareTypes(theirs: GraphQLNamedType, ours: GraphQLNamedType): string[] {
  const { name } = theirs;
  if (theirs.constructor !== ours.constructor) return [`${name}: another kind of type`];
  const missing = (wanted: readonly string[], present: readonly string[]): string[] =>
    wanted.filter((each) => !present.includes(each)).map((each) => `${name}.${each}: missing`);
  const names = (values: readonly { readonly name: string }[]): string[] => values.map((value) => value.name);
  if (isUnionType(theirs) && isUnionType(ours))
    return missing(names(theirs.getTypes()), names(ours.getTypes()));
  if (isEnumType(theirs) && isEnumType(ours))
    return missing(names(theirs.getValues()), names(ours.getValues()));
  const fields = fieldsOf(ours);
  return Object.values(fieldsOf(theirs)).flatMap((field) => {
    const own = fields[field.name];
    return own === undefined ? [`${name}.${field.name}: missing`] : compareFields(name, field, own);
  });
}

type Field = GraphQLField<unknown, unknown> | GraphQLInputField;

function fieldsOf(type: GraphQLNamedType): Readonly<Record<string, Field>> {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? type.getFields() : {};
}

function compareFields(type: string, theirs: Field, ours: Field): string[] {
  const path = `${type}.${theirs.name}`;
  const differences =
    String(theirs.type) === String(ours.type) ? [] : [`${path}: ${theirs.type} is ${ours.type}`];
  if (!('args' in theirs) || !('args' in ours)) return differences;
  for (const argument of theirs.args) {
    const own = ours.args.find(({ name }) => name === argument.name);
    if (own === undefined) differences.push(`${path}(${argument.name}): missing`);
    else if (String(own.type) !== String(argument.type))
      differences.push(`${path}(${argument.name}): ${argument.type} is ${own.type}`);
  }
  return differences;
}
