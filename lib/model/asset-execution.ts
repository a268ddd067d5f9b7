import type { AssetManifest } from './manifest';

type Executed = Pick<AssetManifest, 'op' | 'isObservable'>;

/** Whether runs here make the asset. One that they do not make is external, be it observed or not. */
export const isMaterializable = ({ op, isObservable }: Executed): boolean =>
  op !== null && isObservable !== true;

/** Whether runs here look at the asset, which is made elsewhere. */
export const isObservable = ({ op, isObservable }: Executed): boolean => op !== null && isObservable === true;

/**
 * Whether one definition of an asset says more of it than another one: who makes it more than who observes it, and
 * either more than who only names it.
 */
export const saysMoreThan = (one: Executed, other: Executed): boolean => rank(one) > rank(other);

const rank = (asset: Executed): number => (isMaterializable(asset) ? 2 : isObservable(asset) ? 1 : 0);
