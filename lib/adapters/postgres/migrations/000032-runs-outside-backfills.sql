-- The list of runs and backfills shows a backfill in the place of its runs: the others are found without passing over these.
create index runs_outside_backfills on headrace.runs (seq) where tags -> 'dagster/backfill' is null;
