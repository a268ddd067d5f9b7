import { isAdHocJob } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import type { Status } from '../../components/status';
import type { WorkspaceResult } from '../../graphql/generated';

/** A code location as the workspace lists it. */
export type LocationEntry = Extract<
  WorkspaceResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'][number];

/** Why the newest code does not load. */
export function loadErrorOf({ locationOrLoadError: found }: Pick<LocationEntry, 'locationOrLoadError'>) {
  return found?.__typename === 'PythonError' ? found : undefined;
}

export function locationStatus(entry: Pick<LocationEntry, 'loadStatus' | 'locationOrLoadError'>): Status {
  if (entry.loadStatus === 'LOADING') return { kind: 'starting', word: 'Loading' };
  return loadErrorOf(entry) ? { kind: 'warn', word: 'Load error' } : { kind: 'success', word: 'Loaded' };
}

/** The hash of the bundle that is served; of code that is read from files its version. */
export const bundleOf = ({ displayMetadata, versionKey }: LocationEntry): string =>
  displayMetadata.find(({ key }) => key === 'bundle')?.value ?? versionKey;

/** `41 assets · 11 jobs · 22 schedules · 9 sensors` */
export function definitionsText(entry: LocationEntry): string {
  if (entry.lastGoodLocation === null) return 'not loaded';
  const { repositories } = entry.lastGoodLocation;
  const count = (word: string, pick: (repository: (typeof repositories)[number]) => readonly unknown[]) =>
    plural(
      repositories.reduce((total, repository) => total + pick(repository).length, 0),
      word,
    );
  const counts = [
    count('asset', ({ assetNodes }) => assetNodes),
    count('job', ({ jobs }) => jobs.filter(({ name }) => !isAdHocJob(name))),
    count('schedule', ({ schedules }) => schedules),
    count('sensor', ({ sensors }) => sensors),
  ].join(' · ');
  return loadErrorOf(entry) ? `serving ${counts}` : counts;
}
