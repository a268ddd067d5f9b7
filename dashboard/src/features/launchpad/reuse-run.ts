import { ownTags, runTag, tagValue } from '../../components/run-tags';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { selectionOfKeys } from './launch-selection';
import type { Draft } from './launch-sessions';
import { runToReuseDocument } from './launchpad.graphql';

/**
 * What a run was launched with, as a draft.
 * @throws {ApiError}
 */
export async function draftOfRun(runId: string, isAssetJob: boolean): Promise<Partial<Draft>> {
  const answer = await request(runToReuseDocument, { runId });
  const run = expectType(answer.runOrError, 'Run');
  const partition = tagValue(run.tags, runTag.partition);
  return {
    config: run.runConfigYaml || '{}\n',
    tags: ownTags(run.tags)
      .map((tag) => `${tag.key}=${tag.value}`)
      .join(', '),
    selection: isAssetJob
      ? selectionOfKeys((run.assetSelection ?? []).map((key) => key.path.join('/')))
      : (run.solidSelection ?? []).join(' '),
    ...(partition === undefined ? {} : { partitions: partition }),
    from: runId,
  };
}
