import type { Cursor } from '../../ingestion/batch';
import { SnowflakeSchemaError, SnowflakeStatementError } from './errors';
import { literal } from './identifiers';
import type { RecordEncoder } from './record-encoder';
import type { SnowflakeSession } from './session';
import type { StagedFile } from './staged-files';
import { fieldName, outsideWindowStatement, stagingColumns, type WritePlan } from './statements';
import { baseType } from './table-schema';

// FILES takes at most 1,000 names.
const FILES_PER_COPY = 1000;
const FILE_FORMAT =
  "(TYPE = CSV COMPRESSION = GZIP FIELD_OPTIONALLY_ENCLOSED_BY = '\"' NULL_IF = () EMPTY_FIELD_AS_NULL = TRUE ESCAPE_UNENCLOSED_FIELD = NONE)";

/** What reading the source left on the stage. */
export interface Staged {
  readonly encoder: RecordEncoder;
  readonly files: readonly StagedFile[];
  readonly cursor: Cursor | undefined;
}

/** Creates the staging table and copies every file into it, or fails without a row of it counting. */
export async function copyFiles(
  session: SnowflakeSession,
  stage: string,
  plan: WritePlan,
  staged: Staged,
): Promise<void> {
  await session.execute(
    `CREATE TEMPORARY TABLE ${plan.staging} (${stagingColumns(plan.columns, plan.types)})`,
  );
  let loaded = 0;
  for (const [fieldCount, names] of byFieldCount(staged.files)) {
    const fields = Array.from({ length: fieldCount }, (_, field) => fieldName(field)).join(', ');
    for (let from = 0; from < names.length; from += FILES_PER_COPY) {
      const list = names
        .slice(from, from + FILES_PER_COPY)
        .map(literal)
        .join(', ');
      const { rows } = await session.execute<{ rows_loaded: number }>(
        `COPY INTO ${plan.staging} (${fields}) FROM @${stage}/ FILES = (${list}) FILE_FORMAT = ${FILE_FORMAT} ON_ERROR = ABORT_STATEMENT`,
      );
      loaded += rows.reduce((sum, row) => sum + Number(row.rows_loaded), 0);
    }
  }
  if (loaded !== staged.encoder.count) {
    throw new SnowflakeStatementError(
      `Snowflake copied ${loaded} rows of the ${staged.encoder.count} records that were uploaded; nothing was loaded. This is a fault of the loader: please report it with the source's first records.`,
    );
  }
}

function byFieldCount(files: readonly StagedFile[]): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const file of files) {
    const group = groups.get(file.fieldCount);
    if (group) group.push(file.name);
    else groups.set(file.fieldCount, [file.name]);
  }
  return groups;
}

/** Rows outside the window would stay when the window is loaded again; a primary key makes that harmless. */
export async function checkWindow(session: SnowflakeSession, plan: WritePlan, source: string): Promise<void> {
  const { write } = plan;
  if (write.kind !== 'replace-window') return;
  const isLoaded = plan.columns.some(({ name }) => name === write.column);
  const type = plan.types.get(write.column);
  if (!isLoaded || type === undefined) {
    throw new SnowflakeSchemaError(
      `Window column ${write.column} is in no record of source "${source}"; its columns are ${plan.columns.map((column) => column.name).join(', ')}.`,
    );
  }
  if (['NUMBER', 'FLOAT'].includes(baseType(type)) && Number.isNaN(Number(write.start) + Number(write.end))) {
    throw new SnowflakeSchemaError(
      `Window column ${write.column} has type ${type}, but the window is [${write.start}, ${write.end}): give numbers, or replace by partition instead.`,
    );
  }
  if (plan.primaryKey.length > 0) return;
  const { rows } = await session.execute<{ OUTSIDE: number; FIRST_VALUE: unknown }>(
    outsideWindowStatement(plan, write),
  );
  const outside = Number(rows[0]?.OUTSIDE ?? 0);
  if (outside > 0) {
    throw new SnowflakeSchemaError(
      `${outside} records of source "${source}" have a ${write.column} outside the window [${write.start}, ${write.end}), e.g. ${String(rows[0]?.FIRST_VALUE)}, so loading the window again would duplicate them. Nothing was loaded. Narrow the source's request, give it a primaryKey, or replace by partition.`,
    );
  }
}
