import { isJobKey, jobNameOf } from '../../../engine/automation/job-node';
import type { EvaluationNode } from '../../../model/automation-evaluation';
import { builder } from '../../builder';
import { AssetCheckHandle, AssetKeyType, assetKey } from '../common';

const AssetJobKey = builder.objectRef<{ readonly jobName: string }>('AssetJobKey');
AssetJobKey.implement({ fields: (t) => ({ jobName: t.exposeString('jobName') }) });
export const AssetJobKeyInput = builder.inputType('AssetJobKeyInput', {
  fields: (t) => ({ jobName: t.string({ required: true }) }),
});
export const EntityKey = builder.unionType('EntityKey', {
  types: [AssetKeyType, AssetCheckHandle, AssetJobKey],
  resolveType: (value) => {
    if ('jobName' in value) return 'AssetJobKey';
    return 'path' in value ? 'AssetKey' : 'AssetCheckhandle';
  },
});
export const entityKey = ({ asset, check }: EvaluationNode) =>
  check === null ? keyOf(asset) : { asset, name: check };

/** Of an asset, or of a job by its key among assets. */
export const keyOf = (key: string) => (isJobKey(key) ? { jobName: jobNameOf(key) } : assetKey(key));

/** The asset of a record's key, which may be the id of a check. */
export const assetOf = (key: string): string => key.split(':', 1)[0] ?? key;
