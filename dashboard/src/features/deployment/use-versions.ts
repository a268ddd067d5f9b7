import { useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../graphql/api-error';
import { pollInterval } from '../../graphql/use-live-query';
import { type CodeLocationVersions, listVersions, restKey } from './rest-api';

/** Pushed versions by location; empty where code is read from files. */
export function useVersions() {
  return useQuery<readonly CodeLocationVersions[], ApiError>({
    queryKey: restKey.versions,
    queryFn: ({ signal }) => listVersions(signal),
    refetchInterval: pollInterval.slow,
    refetchIntervalInBackground: false,
  });
}

/** The newest version that is not in force: where a rollback goes by default. */
export function earlierVersion(location: CodeLocationVersions | undefined): string | undefined {
  return location?.versions.find(({ bundleHash }) => bundleHash !== location.bundleHash)?.bundleHash;
}

/** A bundle's hash as people read it. */
export const shortVersion = (hash: string): string => hash.slice(0, 8);
