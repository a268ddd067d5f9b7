-- What ran in a window of time has ended in it, or within the hour after it, or took over an hour, or has not ended.
create index runs_by_ended_at on headrace.runs (ended_at) where ended_at is not null;
create index runs_over_an_hour on headrace.runs (ended_at)
  where ended_at - coalesce(started_at, created_at) > 3600000;
