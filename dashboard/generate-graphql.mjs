/**
 * Checks every document of the dashboard against the API's schema and writes its types.
 *
 * `node dashboard/generate-graphql.mjs [schema.graphql]` reads the schema (lib/api/schema.graphql by default)
 * and every `gql` template under dashboard/src, with the fragments of dashboard/src/graphql/fragments.ts that it
 * names, and writes dashboard/src/graphql/generated.ts.
 * With `--check` it writes nothing and fails when the file is out of date.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  typeFromAST,
  validate,
} from 'graphql';

const here = path.dirname(fileURLToPath(import.meta.url));
const src = path.join(here, 'src');
const target = path.join(src, 'graphql', 'generated.ts');
const args = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const schemaPath = args[0] ?? path.join(here, '..', 'lib', 'api', 'schema.graphql');
const schema = buildSchema(await readFile(schemaPath, 'utf8'), { assumeValidSDL: true });

const scalars = { ID: 'string', String: 'string', Int: 'number', Float: 'number', Boolean: 'boolean' };
const enums = new Set();
const inputs = new Set();

function scalarOrEnum(type) {
  if (isEnumType(type)) {
    enums.add(type);
    return type.name;
  }
  return scalars[type.name] ?? 'unknown';
}

function wrap(type, inner) {
  if (isNonNullType(type)) return wrapNonNull(type.ofType, inner);
  return `${wrapNonNull(type, inner)} | null`;
}

function wrapNonNull(type, inner) {
  if (!isListType(type)) return inner;
  const item = wrap(type.ofType, inner);
  // `readonly` binds to the outer list only.
  return /[|&]|^readonly /.test(item) ? `readonly (${item})[]` : `readonly ${item}[]`;
}

/** The fields that one object type answers to a selection, by response name. */
function collect(type, selections, fragments, into = new Map()) {
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias?.value ?? selection.name.value;
      const known = into.get(key);
      const nested = [...(known?.nested ?? []), ...(selection.selectionSet?.selections ?? [])];
      into.set(key, { name: selection.name.value, nested });
      continue;
    }
    const fragment = selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value);
    const on = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
    const applies = on === type || (isAbstractType(on) && schema.isSubType(on, type));
    if (applies) collect(type, fragment.selectionSet.selections, fragments, into);
  }
  return into;
}

function objectType(type, selections, fragments, depth) {
  const pad = '  '.repeat(depth);
  const lines = [];
  for (const [key, { name, nested }] of collect(type, selections, fragments)) {
    if (name === '__typename') {
      lines.push(`${pad}  readonly ${key}: '${type.name}';`);
      continue;
    }
    const field = type.getFields()[name];
    const named = getNamedType(field.type);
    const inner =
      nested.length > 0 ? selectionType(named, nested, fragments, depth + 1) : scalarOrEnum(named);
    lines.push(`${pad}  readonly ${key}: ${wrap(field.type, inner)};`);
  }
  return `{\n${lines.join('\n')}\n${pad}}`;
}

function selectionType(type, selections, fragments, depth) {
  if (isObjectType(type)) return objectType(type, selections, fragments, depth);
  const shapes = new Map();
  for (const possible of schema.getPossibleTypes(type)) {
    const text = objectType(possible, selections, fragments, depth);
    const shape = text.replace(/readonly __typename: '\w+';/, 'readonly __typename: %;');
    shapes.set(shape, [...(shapes.get(shape) ?? []), possible.name]);
  }
  const members = [...shapes].map(([shape, names]) =>
    shape.replace('__typename: %', `__typename: ${names.map((name) => `'${name}'`).join(' | ')}`),
  );
  return members.length === 1 ? members[0] : `(${members.join(' | ')})`;
}

function inputType(type) {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    if (!inputs.has(named)) {
      inputs.add(named);
      for (const field of Object.values(named.getFields())) inputType(field.type);
    }
    return wrap(type, named.name);
  }
  return wrap(type, scalarOrEnum(named));
}

function inputField(name, type, indent, hasDefault = false) {
  const optional = !isNonNullType(type) || hasDefault;
  return `${indent}readonly ${name}${optional ? '?' : ''}: ${inputType(type)}${optional ? ' | undefined' : ''};`;
}

const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.graphql.ts')).sort();
const problems = [];
const operations = [];
const names = new Map();
const shared = new Map(
  Array.from(
    (await readFile(path.join(src, 'graphql', 'fragments.ts'), 'utf8')).matchAll(
      /export const (\w+) = `([^`]*)`/g,
    ),
    ([, name, text]) => [name, text],
  ),
);
for (const file of files) {
  const text = await readFile(path.join(src, file), 'utf8');
  for (const [, source] of text.matchAll(/\bgql(?:<[^>`]*>)?`([^`]*)`/g)) {
    const document = parse(source.replace(/\$\{(\w+)\}/g, (_, name) => shared.get(name) ?? ''));
    for (const error of validate(schema, document)) problems.push(`${file}: ${error.message}`);
    const operation = document.definitions.find((node) => node.kind === 'OperationDefinition');
    const name = operation.name.value;
    if (names.has(name)) problems.push(`${file}: operation ${name} is also in ${names.get(name)}`);
    names.set(name, file);
    operations.push({ name, document, operation });
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

const blocks = operations.map(({ name, document, operation }) => {
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === 'FragmentDefinition')
      .map((node) => [node.name.value, node]),
  );
  const root = schema.getRootType(operation.operation);
  const result = objectType(root, operation.selectionSet.selections, fragments, 0);
  const variables = (operation.variableDefinitions ?? []).map((definition) =>
    inputField(
      definition.variable.name.value,
      typeFromAST(schema, definition.type),
      '  ',
      definition.defaultValue !== undefined,
    ),
  );
  const shape = variables.length > 0 ? `{\n${variables.join('\n')}\n}` : 'Readonly<Record<string, never>>';
  return `export type ${name}Result = ${result};\n\nexport type ${name}Variables = ${shape};`;
});
const inputBlocks = [...inputs]
  .sort((a, b) => a.name.localeCompare(b.name))
  .map((type) => {
    const fields = Object.values(type.getFields()).map((field) =>
      inputField(field.name, field.type, '  ', field.defaultValue !== undefined),
    );
    return `export type ${type.name} = {\n${fields.join('\n')}\n};`;
  });
const enumBlocks = [...enums]
  .sort((a, b) => a.name.localeCompare(b.name))
  .map(
    (type) =>
      `export type ${type.name} =\n${type
        .getValues()
        .map((value) => `  | '${value.name}'`)
        .join('\n')};`,
  );
const header = '/* Written by dashboard/generate-graphql.mjs from the API schema. Do not edit. */';
const text = `${[header, ...enumBlocks, ...inputBlocks, ...blocks].join('\n\n')}\n`;
if (process.argv.includes('--check')) {
  const current = await readFile(target, 'utf8').catch(() => '');
  if (current !== text) {
    console.error(
      'dashboard/src/graphql/generated.ts is out of date: run node dashboard/generate-graphql.mjs',
    );
    process.exit(1);
  }
} else {
  await writeFile(target, text);
  console.log(`${operations.length} documents, ${enums.size} enums, ${inputs.size} inputs`);
}
