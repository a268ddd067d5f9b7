-- A value says which tag it is of, mostly: taken as independent, a tag seems several times rarer than it is, and a filter
-- by several of them begins with the wrong one.
create statistics headrace.run_tags_key_value (dependencies, mcv) on key, value from headrace.run_tags;
analyze headrace.run_tags;
