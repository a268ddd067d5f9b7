import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configErrors, jsonSchemaOf, parseConfig } from '../../lib/definitions/define/config';
import type { JsonValue } from '../../lib/model/json';
import { vectors } from '../model/vectors';

interface Field {
  readonly schema: Schema;
  readonly default?: JsonValue;
  readonly required?: boolean;
}
interface Schema {
  readonly type: string;
  readonly fields?: Readonly<Record<string, Field>>;
  readonly values?: readonly string[];
  readonly items?: Schema;
  readonly inner?: Schema;
  readonly value?: Schema;
  readonly scalar?: Schema;
  readonly non_scalar?: Schema;
}
interface Item {
  readonly id: string;
  readonly group: string;
  readonly schema: Schema;
  readonly value: JsonValue;
  readonly expected:
    | { readonly ok: true; readonly value: JsonValue }
    | {
        readonly ok: false;
        readonly errors: readonly {
          readonly kind: string;
          readonly path: readonly (string | number | { readonly map_value: string })[];
          readonly fields?: readonly string[];
        }[];
      };
}

const items = vectors<readonly Item[]>('config');

/** Dagster's selector (one field of several) is written as a discriminated union here. */
const shared = items.filter(({ group }) => group !== 'selector');

/** The schema as it is written with zod; Dagster fills in the defaults of a nested shape that is left out. */
function toZod(schema: Schema): z.ZodType {
  const inner = (part: Schema | undefined): z.ZodType => toZod(part ?? { type: 'any' });
  switch (schema.type) {
    case 'string':
      return z.string();
    case 'int':
      return z.int();
    case 'float':
      return z.number();
    case 'bool':
      return z.boolean();
    case 'enum':
      return z.enum(schema.values ?? []);
    case 'array':
      return z.array(inner(schema.items));
    case 'map':
      return z.record(z.string(), inner(schema.value));
    case 'noneable':
      return z.nullable(inner(schema.inner));
    case 'scalar_union':
      return z.union([inner(schema.scalar), inner(schema.non_scalar)]);
    case 'shape':
    case 'permissive': {
      const shape = Object.fromEntries(
        Object.entries(schema.fields ?? {}).map(([name, field]) => [name, toField(field)]),
      );
      return schema.type === 'shape' ? z.object(shape) : z.looseObject(shape);
    }
    default:
      return z.json();
  }
}

function toField({ schema, default: fallback, required }: Field): z.ZodType {
  const type = toZod(schema);
  if (fallback !== undefined) return type.prefault(fallback);
  if (schema.type === 'shape' && type.safeParse({}).success) return type.prefault({});
  return required === false ? type.optional() : type;
}

/** One line for each error. Dagster names the fields of an object that are too many or too few at the object's path. */
function lines(
  errors: readonly { kind: string; path: readonly unknown[]; fields?: readonly string[] }[],
): string[] {
  const part = (each: unknown) =>
    typeof each === 'object' && each !== null && 'map_value' in each ? each.map_value : each;
  return errors
    .flatMap(({ kind, path, fields }) =>
      (fields ?? [null]).map((field) =>
        [kind.replace(/FIELDS/, 'FIELD'), ...path.map(part), ...(field === null ? [] : [field])].join(' '),
      ),
    )
    .sort();
}

describe('recorded config', () => {
  it('is all here', () => {
    expect(items).toHaveLength(20);
    expect(shared).toHaveLength(17);
  });

  it.each(shared)('$id ($group)', ({ schema, value, expected }) => {
    const zod = toZod(schema);

    const errors = configErrors(zod, value, []);

    if (expected.ok) {
      expect(errors).toEqual([]);
      expect(parseConfig(zod, value, 'ops.x.config')).toEqual(expected.value);
      return;
    }
    expect(lines(errors.map(({ reason, path }) => ({ kind: reason, path })))).toEqual(lines(expected.errors));
  });
});

it('an unknown field is an error at any depth, except where the schema takes any', () => {
  const server = z.object({ host: z.string() });
  const schema = z.object({
    list: z.array(server),
    map: z.record(z.string(), server),
    either: z.union([z.string(), server]),
    optional: server.optional(),
    defaulted: server.default({ host: 'x' }),
    nullable: server.nullable(),
    loose: z.looseObject({ host: z.string() }),
    checked: server.refine(({ host }) => host !== 'bad', 'not this host'),
  });
  const typo = { host: 'h', prot: 1 };
  const config = {
    list: [typo],
    map: { a: typo },
    either: typo,
    optional: typo,
    defaulted: typo,
    nullable: typo,
    loose: typo,
    checked: { host: 'bad' },
  };

  const errors = configErrors(schema, config, []);

  expect(errors.map(({ path, reason }) => `${path.join('.')} ${reason}`).sort()).toEqual([
    'checked RUNTIME_TYPE_MISMATCH',
    'defaulted.prot FIELD_NOT_DEFINED',
    'either.prot FIELD_NOT_DEFINED',
    'list.0.prot FIELD_NOT_DEFINED',
    'map.a.prot FIELD_NOT_DEFINED',
    'nullable.prot FIELD_NOT_DEFINED',
    'optional.prot FIELD_NOT_DEFINED',
  ]);
  expect(JSON.stringify(jsonSchemaOf(z.object({ server })))).toContain('"additionalProperties":false}}');
});

test('a schema says what is said of each field, whatever is around it', () => {
  const described = z.object({
    plain: z.string().describe('plain'),
    optional: z.number().optional().describe('optional'),
    fallback: z.number().default(5).describe('default'),
    list: z.array(z.string()).describe('list'),
    either: z.union([z.string(), z.number()]).nullable().describe('either'),
    inner: z.object({ deep: z.boolean().describe('deep').default(false) }).describe('object'),
  });

  const { properties } = jsonSchemaOf(described.describe('all')) as {
    properties: Record<
      string,
      { description?: string; properties?: Record<string, { description?: string }> }
    >;
  };

  expect(Object.values(properties).map(({ description }) => description)).toEqual([
    'plain',
    'optional',
    'default',
    'list',
    'either',
    'object',
  ]);
  expect(properties.inner?.properties?.deep?.description).toBe('deep');
  expect(jsonSchemaOf(described.describe('all')).description).toBe('all');
});
