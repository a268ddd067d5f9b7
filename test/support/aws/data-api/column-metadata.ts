import type { ClientBase, FieldDef } from 'pg';
import type { ResultType } from './result-types';

interface Attribute {
  readonly column: string;
  readonly table: string;
  readonly schema: string;
  readonly isRequired: boolean;
  readonly isAutoIncrement: boolean;
}

/** Columns of expressions belong to no table. */
const NO_TABLE = 0;
/** What JDBC says of a type without a precision. */
const UNLIMITED = 2_147_483_647;
const PRECISION: Readonly<Record<string, number>> = {
  bool: 1,
  int2: 5,
  int4: 10,
  int8: 19,
  float4: 8,
  float8: 17,
  date: 13,
  time: 15,
  timestamp: 29,
  timestamptz: 35,
};

/** `columnMetadata` of a result, in JDBC's terms as AWS gives it. */
export async function columnMetadata(
  client: ClientBase,
  fields: readonly FieldDef[],
  types: readonly ResultType[],
): Promise<readonly object[]> {
  const columns: object[] = [];
  for (const [i, field] of fields.entries()) {
    const type = types[i];
    if (type === undefined) continue;
    const attribute = await attributeOf(client, field);
    const { precision, scale } = precisionOf(type, field.dataTypeModifier);
    columns.push({
      arrayBaseColumnType: type.element?.jdbc ?? 0,
      isAutoIncrement: attribute?.isAutoIncrement ?? false,
      isCaseSensitive: type.kind === 'text' && type.jdbc === 12,
      isCurrency: false,
      isSigned: ['long', 'double', 'decimal'].includes(type.kind),
      label: field.name,
      name: attribute?.column ?? field.name,
      nullable: attribute === undefined ? 2 : attribute.isRequired ? 0 : 1,
      precision,
      scale,
      schemaName: attribute?.schema ?? '',
      tableName: attribute?.table ?? '',
      type: type.jdbc,
      typeName: type.name,
    });
  }
  return columns;
}

async function attributeOf(client: ClientBase, field: FieldDef): Promise<Attribute | undefined> {
  if (field.tableID === NO_TABLE) return undefined;
  const found = await client.query<Attribute>(
    `select a.attname as column, c.relname as table, n.nspname as schema, a.attnotnull as "isRequired",
       a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%' as "isAutoIncrement"
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1 and a.attnum = $2`,
    [field.tableID, field.columnID],
  );
  return found.rows[0];
}

/** The type modifier holds a length, or a precision and a scale, plus 4. */
function precisionOf(type: ResultType, modifier: number): { precision: number; scale: number } {
  if (type.kind === 'decimal') {
    return modifier < 4
      ? { precision: 0, scale: 0 }
      : { precision: (modifier - 4) >> 16, scale: (modifier - 4) & 0xffff };
  }
  const isSized = ['varchar', 'bpchar'].includes(type.name) && modifier >= 4;
  const precision = isSized ? modifier - 4 : (PRECISION[type.name] ?? UNLIMITED);
  return { precision, scale: type.jdbc === 93 ? 6 : type.kind === 'double' ? precision : 0 };
}
