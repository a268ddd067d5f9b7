import { metadataLabel } from '../../components/format/metadata-label';
import { Facts } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { MetadataValue } from '../assets/metadata-value';
import { metadataOfEvent, readMetadata } from './read-metadata';
import { eventMetadataDocument } from './run.graphql';
import type { RunEvent } from './run-types';

/** What was said with an event. The log knows what fits on a line; tables, texts and the like are asked for. */
export function EventMetadata({
  runId,
  event,
  before,
}: {
  readonly runId: string;
  readonly event: RunEvent;
  /** Cursor of the event before; undefined for the first of the run. */
  readonly before: string | undefined;
}) {
  const known = metadataOfEvent(event);
  const whole = useLiveQuery(
    eventMetadataDocument,
    { runId, before },
    {
      interval: false,
      enabled: known.length > 0,
      keepPrevious: false,
      select: (answer) => {
        const [found] = expectType(answer.logsForRun, 'EventConnection').events;
        if (found === undefined) return [];
        if ('metadataEntries' in found) return found.metadataEntries;
        return 'evaluation' in found ? found.evaluation.metadataEntries : [];
      },
    },
  );
  if (known.length === 0) return null;
  const rows = whole.data
    ? whole.data.map(
        (entry) => [metadataLabel(entry.label), <MetadataValue key="value" entry={entry} whole />] as const,
      )
    : known.map((entry) => [metadataLabel(entry.label), readMetadata(entry)?.text ?? '…'] as const);
  return <Facts rows={rows} />;
}
