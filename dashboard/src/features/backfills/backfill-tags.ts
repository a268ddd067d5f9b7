/** The system tags of a backfill that the dashboard reads; the names are the API's. */
export const backfillTag = {
  priority: 'dagster/priority',
  parent: 'dagster/parent_backfill_id',
} as const;
