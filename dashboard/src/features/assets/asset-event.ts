import type { Status } from '../../components/status';
import type {
  AssetEventHistoryEventTypeSelector,
  AssetEventResult,
  AssetEventsResult,
} from '../../graphql/generated';

type Listed = Extract<
  AssetEventsResult['assetOrError'],
  { readonly __typename: 'Asset' }
>['assetEventHistory']['results'][number];

/** An event as the feed lists it. */
export type ListedEvent = Listed & {
  /** Its position in the log. */
  readonly id: string;
};

/** An event with all that was said of it. */
export type AssetEvent = Extract<
  AssetEventResult['assetOrError'],
  { readonly __typename: 'Asset' }
>['assetEventHistory']['results'][number];

/** What the feed can be narrowed to, by the word in the address. */
export const eventKinds = [
  { value: 'all', text: 'All', types: ['MATERIALIZATION', 'OBSERVATION', 'FAILED_TO_MATERIALIZE'] },
  { value: 'materializations', text: 'Materializations', types: ['MATERIALIZATION'] },
  { value: 'observations', text: 'Observations', types: ['OBSERVATION'] },
  { value: 'failures', text: 'Failures', types: ['FAILED_TO_MATERIALIZE'] },
] as const satisfies readonly {
  readonly value: string;
  readonly text: string;
  readonly types: readonly AssetEventHistoryEventTypeSelector[];
}[];

const words: Readonly<Record<AssetEvent['__typename'], Status>> = {
  MaterializationEvent: { kind: 'success', word: 'Materialized' },
  ObservationEvent: { kind: 'none', word: 'Observed' },
  FailedToMaterializeEvent: { kind: 'failure', word: 'Failed' },
};

/** What happened, as a status reads. */
export const eventStatus = (event: Pick<AssetEvent, '__typename'>): Status => words[event.__typename];

/** The events of a page with their positions. */
export function withPositions<Event>(page: {
  readonly results: readonly Event[];
  readonly positions: readonly string[];
}): readonly (Event & { readonly id: string })[] {
  return page.results.map((event, index) => ({ ...event, id: page.positions[index] ?? '' }));
}

/** The cursor of a page that begins with an event. */
export const cursorAt = (id: string): string => String(Number(id) + 1);

const versionTag = { data: 'dagster/data_version', code: 'dagster/code_version' } as const;
const inputVersion = 'dagster/input_data_version/';

/** Which data and which code an event is of, and what was read for it, as far as that was recorded. */
export function eventVersions(tags: readonly { readonly key: string; readonly value: string }[]): {
  readonly data: string | undefined;
  readonly code: string | undefined;
  readonly inputs: readonly { readonly asset: string; readonly version: string }[];
  /** Tags that say none of this. */
  readonly others: readonly { readonly key: string; readonly value: string }[];
} {
  const tagOf = (wanted: string) => tags.find(({ key }) => key === wanted)?.value;
  return {
    data: tagOf(versionTag.data),
    code: tagOf(versionTag.code),
    inputs: tags.flatMap(({ key, value }) =>
      key.startsWith(inputVersion) ? [{ asset: key.slice(inputVersion.length), version: value }] : [],
    ),
    others: tags.filter(
      ({ key }) => key !== versionTag.data && key !== versionTag.code && !key.startsWith(inputVersion),
    ),
  };
}
