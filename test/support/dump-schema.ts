import type { Driver } from '../../lib/adapters/postgres/driver';

/** The schema as SQL, from the catalog (the embedded server brings no pg_dump); monthly partitions left out. */
export async function dumpSchema(driver: Driver): Promise<string> {
  const parts = await Promise.all(
    [TABLES, CONSTRAINTS, INDEXES, VIEWS, SEQUENCES, FUNCTIONS, GRANTS].map((sql) =>
      driver.query<string>(sql),
    ),
  );
  const header =
    '-- The schema after all migrations, for reading and review. A test keeps it current:\n-- UPDATE_SCHEMA=1 npm run jest -- test/adapters/postgres/schema.test.ts\n';
  return `${[header, ...parts.flat()].join('\n')}\n`;
}

const OURS = `c.relnamespace = 'headrace'::regnamespace and c.relname !~ '^events_\\d{4}_\\d{2}'`;

const TABLES = `
  select to_json(format(E'create table headrace.%s (\n%s\n)%s;\n', c.relname,
    string_agg(format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case a.attidentity when 'a' then ' generated always as identity' else '' end,
        case a.attgenerated when 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
          else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end), E',\n' order by a.attnum),
    coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')))
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where ${OURS} and c.relkind in ('r', 'p') group by c.oid, c.relname order by c.relname`;

const CONSTRAINTS = `
  select to_json(format('alter table headrace.%s add constraint %s %s;', c.relname, k.conname, pg_get_constraintdef(k.oid)))
  from pg_constraint k join pg_class c on c.oid = k.conrelid where ${OURS} order by c.relname, k.conname`;

const INDEXES = `
  select to_json(pg_get_indexdef(i.indexrelid) || ';')
  from pg_index i join pg_class c on c.oid = i.indrelid
  where ${OURS} and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
  order by i.indexrelid::regclass::text`;

const VIEWS = `
  select to_json(format(E'\ncreate view headrace.%s as\n%s', c.relname, pg_get_viewdef(c.oid)))
  from pg_class c where ${OURS} and c.relkind = 'v' order by c.relname`;

const SEQUENCES = `
  select to_json(format('create sequence headrace.%s;', c.relname)) from pg_class c
  where ${OURS} and c.relkind = 'S' and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')
  order by c.relname`;

const FUNCTIONS = `
  select to_json(E'\n' || rtrim(pg_get_functiondef(p.oid), E'\n') || ';')
  from pg_proc p where p.pronamespace = 'headrace'::regnamespace order by p.proname`;

const GRANTS = `
  select to_json(format('grant execute on function headrace.%s(%s) to headrace_worker;', p.proname, pg_get_function_identity_arguments(p.oid)))
  from pg_proc p where p.pronamespace = 'headrace'::regnamespace and has_function_privilege('headrace_worker', p.oid, 'execute')
  order by p.proname`;
