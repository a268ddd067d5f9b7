/** What stands for the type of a column that neither dbt's project nor a record tells. */
const untold = 'unknown';

/** A column's type; undefined where nothing is known of it. */
export const columnType = (type: string): string | undefined =>
  type === '' || type === untold ? undefined : type;
