import { toMaterializations } from './dashboard-fixture-data';

type FixtureAsset = Parameters<typeof toMaterializations>[0];

/** What is asked of an asset's events. */
export interface EventPage {
  readonly eventTypeSelectors: readonly string[];
  readonly partitions?: readonly string[] | null;
  readonly cursor?: string | null;
  readonly limit: number;
}

const typeOf: Readonly<Record<string, string>> = {
  MATERIALIZATION: 'MaterializationEvent',
  OBSERVATION: 'ObservationEvent',
  FAILED_TO_MATERIALIZE: 'FailedToMaterializeEvent',
};

/** Every seventh event was a failed attempt, and the newest one an observation; positions go down from 1,000. */
export function toEventHistory(asset: FixtureAsset, now: number, page: EventPage) {
  const wanted = page.eventTypeSelectors.map((selector) => typeOf[selector]);
  const events = toMaterializations(asset, now)
    .map((made, index) => {
      const event = { ...made, partition: made.partition ?? null };
      const position = 1_000 - index;
      if (index === 0)
        return { ...event, __typename: 'ObservationEvent', position, tags: [dataVersion('seen-1')] };
      if (index % 7 === 3) {
        const message = `Did not materialize ${asset.key}: HTTP 502 after 3 tries.`;
        return { ...event, __typename: 'FailedToMaterializeEvent', position, message, error: null };
      }
      return { ...event, position, tags: [dataVersion(`made-${index}`)] };
    })
    .filter(
      (event) =>
        wanted.includes(event.__typename) &&
        (!page.partitions || page.partitions.includes(String(event.partition))) &&
        (!page.cursor || event.position < Number(page.cursor)),
    )
    .slice(0, page.limit);
  return {
    results: events,
    positions: events.map(({ position }) => String(position)),
    cursor: String(events.at(-1)?.position ?? ''),
  };
}

const dataVersion = (value: string) => ({ key: 'dagster/data_version', value });
