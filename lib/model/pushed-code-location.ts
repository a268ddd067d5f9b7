import type { SerializableError } from './serializable-error';

/** Namespace of the key-value storage in which pushed code locations are kept, by name. */
export const CODE_LOCATION_NAMESPACE = 'code_location';

/** One push of a location's code. */
export interface CodeLocationVersion {
  readonly bundleHash: string;
  /** Epoch ms. */
  readonly pushedAt: number;
  /** Who pushed it, or rolled back to it. */
  readonly by: string | null;
}

/** What is known of a location whose code was pushed. */
export interface PushedCodeLocation {
  /** The version in force; null until one loaded. */
  readonly bundleHash: string | null;
  /** Why the newest push does not load; what was in force before stays. */
  readonly error: SerializableError | null;
  /** Epoch ms. */
  readonly updatedAt: number;
  /** Newest first; the newest `KEPT_VERSIONS`. */
  readonly versions: readonly CodeLocationVersion[];
}

/** Versions of a location that can be rolled back to. */
export const KEPT_VERSIONS = 20;

/** Object keys of a bundle's parts. */
export const bundleObject = {
  archive: (bundleHash: string): string => `bundles/${bundleHash}/bundle.tar.gz`,
  manifest: (bundleHash: string): string => `bundles/${bundleHash}/manifest.json`,
} as const;

/** A location after a version came into force; pushing the one in force again changes only an error. */
export function withVersion(
  location: PushedCodeLocation | undefined,
  version: CodeLocationVersion,
): PushedCodeLocation {
  const others = location?.versions ?? [];
  const isCurrent = others[0]?.bundleHash === version.bundleHash;
  return {
    bundleHash: version.bundleHash,
    error: null,
    updatedAt: version.pushedAt,
    versions: isCurrent ? others : [version, ...others].slice(0, KEPT_VERSIONS),
  };
}

/** What the function that takes new code is invoked with, after bundle and manifest were uploaded. */
export type RegisterCodeLocationInput = { readonly location: string; readonly by: string | null } & (
  | { readonly bundleHash: string }
  /** One of the location's versions. */
  | { readonly rollbackTo: string }
);

/** What it answers. */
export type RegisterCodeLocationReply =
  | {
      readonly ok: true;
      readonly location: string;
      /** The version that is in force now. */
      readonly bundleHash: string;
      /** The one before; null = this is the first. */
      readonly previous: string | null;
    }
  | {
      readonly ok: false;
      readonly location: string;
      readonly error: SerializableError;
      /** What stays in force; null = nothing yet. */
      readonly bundleHash: string | null;
    };

/** A bundle's hash as `headrace build` makes it. */
export const BUNDLE_HASH = /^[0-9a-f]{32}$/;
