/** What the function that takes new code is asked: bring a version of a location into force. */
export interface RegisterCodeLocationInput {
  readonly location: string;
  /** The version to bring into force. Its archive and manifest are in the bundles bucket: see `bundleObject`. */
  readonly bundleHash: string;
  /** Who asks, for the list of versions. */
  readonly by: string;
  /** Set to `bundleHash` when it is a roll-back: the version must then be one of the location's. */
  readonly rollbackTo?: string;
}

/** Its answer. What is refused is said in words; only faults of the system throw. */
export type RegisterCodeLocationResult =
  | {
      readonly ok: true;
      /** The version in force now. */
      readonly bundleHash: string;
      /** The version in force before; null for a first push. */
      readonly previous: string | null;
    }
  | { readonly ok: false; readonly error: string };
