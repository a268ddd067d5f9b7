import { checkId } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { Manifest } from '../../model/manifest';
import { automatedJobs, jobKey } from './job-node';

/**
 * The assets of a location that have a condition, the ids of such checks, the keys of such jobs; of the assets that a sensor follows,
 * where one is given.
 */
export function automatedKeys(manifest: Manifest, followed?: readonly AssetKey[]): readonly string[] {
  const wanted = followed === undefined ? null : new Set(followed);
  const isWanted = (key: AssetKey): boolean => wanted?.has(key) !== false;
  const assets = manifest.assets.filter(
    ({ key, op, automationCondition }) => op !== null && automationCondition !== null && isWanted(key),
  );
  const checks = manifest.assetChecks.filter(
    ({ asset, automationCondition }) => automationCondition !== undefined && isWanted(asset),
  );
  // Of several sensors, the one that follows all that the job makes; of a job without assets, the first.
  const first = manifest.sensors.find(({ kind }) => kind === 'AUTOMATION');
  const jobs = automatedJobs(manifest).filter((job) =>
    job.assets === null || job.assets.length === 0
      ? followed === undefined || followed === first?.assets
      : job.assets.every(isWanted),
  );
  return [
    ...assets.map(({ key }) => key),
    ...checks.map(checkId),
    ...jobs.map(({ name }) => jobKey(manifest.location, name)),
  ];
}
