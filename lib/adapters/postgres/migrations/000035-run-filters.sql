-- "What failed of this job" is what people ask most: without the two together, every run of the job is looked at.
create index runs_by_job_status on headrace.runs (job_name, status, seq desc);
-- Lists are short reads, many at a time: starting helpers takes longer than a page or a capped count does.
alter table headrace.runs set (parallel_workers = 0);
alter table headrace.run_tags set (parallel_workers = 0);
