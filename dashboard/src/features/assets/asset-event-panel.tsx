import { CodeBlock } from '../../components/code-block';
import { stackText } from '../../components/format/stack-text';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { StatusBadge } from '../../components/status-text';
import { ApiError, expectType } from '../../graphql/api-error';
import type { AssetEventResult } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import { type AssetEvent, cursorAt, eventStatus, withPositions } from './asset-event';
import { assetEventDocument } from './asset-events.graphql';
import { EventFacts, MetadataEntries } from './event-facts';

/** One event with all that was said of it. */
export function AssetEventPanel({
  path,
  id,
  onClose,
}: {
  readonly path: readonly string[];
  /** Its position in the log. */
  readonly id: string;
  readonly onClose: () => void;
}) {
  const query = useLiveQuery(
    assetEventDocument,
    { assetKey: { path }, cursor: cursorAt(id) },
    { interval: false, keepPrevious: false, select: (answer) => readEvent(answer, id) },
  );
  return (
    <SidePanel
      title={query.data ? <StatusBadge status={eventStatus(query.data)} /> : 'Event'}
      onClose={onClose}
    >
      <QueryPanel query={query} title="This event could not be loaded" rows={6}>
        {(event) => <Event event={event} />}
      </QueryPanel>
    </SidePanel>
  );
}

function readEvent(answer: AssetEventResult, id: string): AssetEvent {
  const [event] = withPositions(expectType(answer.assetOrError, 'Asset').assetEventHistory);
  if (event?.id !== id) throw new ApiError('not-found', 'It is no longer kept, or it is not of this asset.');
  return event;
}

function Event({ event }: { readonly event: AssetEvent }) {
  if (event.__typename === 'FailedToMaterializeEvent')
    return (
      <>
        <Section title="Why it failed" padded>
          <p>{event.error?.message ?? event.message}</p>
          {event.error && event.error.stack.length > 0 && (
            <CodeBlock label="stack" text={stackText(event.error)} />
          )}
        </Section>
        <Section title="Event" padded>
          <EventFacts event={event} />
        </Section>
      </>
    );
  return (
    <>
      <Section title="Event" padded>
        <EventFacts event={event} />
      </Section>
      {event.metadataEntries.length > 0 && (
        <Section title="Metadata" detail={event.metadataEntries.length} padded>
          <MetadataEntries entries={event.metadataEntries} />
        </Section>
      )}
    </>
  );
}
