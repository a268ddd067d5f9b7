-- "What ran with this version of the code" of a version that few of a million runs have.
create index runs_by_bundle on headrace.runs (bundle_hash, seq desc);
