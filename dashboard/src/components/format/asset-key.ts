export interface AssetKeyLike {
  readonly path: readonly string[];
}

/** `raw/earthquakes`. */
export function keyText(key: AssetKeyLike): string {
  return key.path.join('/');
}

/** Name of the op, and of the step, that makes an asset of its own. */
export function assetOpName(key: AssetKeyLike): string {
  return key.path.join('__').replaceAll(/[^A-Za-z0-9_]/g, '_');
}

/** The key in a URL path: every part encoded, `/` kept between parts. */
export function keyToUrl(key: AssetKeyLike): string {
  return key.path.map(encodeURIComponent).join('/');
}

export function keyFromUrl(splat: string): { path: string[] } {
  return { path: splat.split('/').filter(Boolean) };
}

/** Job that runs ad-hoc selections of assets; its name says nothing to a reader. */
export function isAdHocJob(jobName: string): boolean {
  return jobName.startsWith('__ASSET_JOB') || jobName === '__ANONYMOUS_ASSET_JOB';
}
