import { builder, byTypename, type Tagged, tag } from '../../builder';
import { orError, PythonError } from '../errors';
import { pageSize } from '../paging';

const RunTagKeys = builder.objectRef<Tagged<'RunTagKeys', { keys: readonly string[] }>>('RunTagKeys');
RunTagKeys.implement({ fields: (t) => ({ keys: t.stringList({ resolve: ({ keys }) => [...keys] }) }) });
const PipelineTagAndValues = builder.objectRef<{ key: string; values: readonly string[] }>(
  'PipelineTagAndValues',
);
PipelineTagAndValues.implement({
  fields: (t) => ({
    key: t.exposeString('key'),
    values: t.stringList({ resolve: ({ values }) => [...values] }),
  }),
});
const RunTags =
  builder.objectRef<Tagged<'RunTags', { tags: readonly { key: string; values: readonly string[] }[] }>>(
    'RunTags',
  );
RunTags.implement({
  fields: (t) => ({ tags: t.field({ type: [PipelineTagAndValues], resolve: ({ tags }) => [...tags] }) }),
});
const RunTagKeysOrError = builder.unionType('RunTagKeysOrError', {
  types: [PythonError, RunTagKeys],
  resolveType: byTypename,
});
const RunTagsOrError = builder.unionType('RunTagsOrError', {
  types: [PythonError, RunTags],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  runTagKeysOrError: t.field({
    type: RunTagKeysOrError,
    nullable: true,
    resolve: (_root, _args, { instance }) =>
      orError(async () => tag('RunTagKeys', { keys: await instance.storage.runTagKeys() })),
  }),
  runTagsOrError: t.field({
    type: RunTagsOrError,
    nullable: true,
    args: { tagKeys: t.arg.stringList(), valuePrefix: t.arg.string(), limit: t.arg.int() },
    resolve: (_root, { tagKeys, valuePrefix, limit }, { instance }) =>
      orError(async () => {
        const tags = await instance.storage.runTagValues({
          keys: tagKeys ?? undefined,
          prefix: valuePrefix ?? '',
          limit: pageSize(limit, 100),
        });
        return tag('RunTags', { tags });
      }),
  }),
}));
