import { Link } from '@tanstack/react-router';
import { CopyButton, CopyId } from '../../components/copy-text';
import { metadataLabel } from '../../components/format/metadata-label';
import { Facts } from '../../components/section';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { type AssetEvent, eventVersions } from './asset-event';
import styles from './asset-page.module.css';
import type { MetadataEntry } from './asset-types';
import metadataStyles from './metadata.module.css';
import { blockSummary } from './metadata-block';
import { MetadataValue } from './metadata-value';
import { RunReference } from './run-reference';

/** When an event was, by which run and step, of which partition and versions. */
export function EventFacts({
  event,
  entries = [],
}: {
  readonly event: AssetEvent;
  /** Metadata to stand among the facts, in short. */
  readonly entries?: readonly MetadataEntry[];
}) {
  const tags = event.__typename === 'FailedToMaterializeEvent' ? [] : event.tags;
  const versions = eventVersions(tags);
  const description = event.__typename === 'FailedToMaterializeEvent' ? null : event.description;
  return (
    <Facts
      rows={[
        [
          'When',
          <span key="at">
            <Time at={Number(event.timestamp)} seconds focusable />
            <span className="t2">
              {' · '}
              <Time at={Number(event.timestamp)} relative />
            </span>
          </span>,
        ],
        event.partition !== null && ['Partition', event.partition],
        [
          'Run',
          <span key="run" className="row">
            <RunReference runId={event.runId} />
            {event.runId !== '' && (
              <CopyButton text={event.runId} label={`Copy ${event.runId.slice(0, 8)}`} />
            )}
          </span>,
        ],
        event.stepKey !== null &&
          event.runId !== '' && [
            'Output',
            <Link
              key="logs"
              to="/runs/$runId"
              params={{ runId: event.runId }}
              search={{ step: event.stepKey }}
              className="link"
            >
              of step {event.stepKey}
            </Link>,
          ],
        description !== null && ['Description', description],
        versions.data !== undefined && ['Data version', <CopyId key="data" id={versions.data} />],
        versions.code !== undefined && ['Code version', <CopyId key="code" id={versions.code} />],
        versions.inputs.length > 0 && [
          'Made from',
          <ul key="inputs">
            {versions.inputs.map(({ asset, version }) => (
              <li key={asset}>
                {asset} <span className="t3 mono">{version.slice(0, 8)}</span>
              </li>
            ))}
          </ul>,
        ],
        versions.others.length > 0 && [
          'Tags',
          <span key="tags" className={styles.tags}>
            {versions.others.map(({ key, value }) => (
              <Tag key={key} k={key} value={value} />
            ))}
          </span>,
        ],
        ...entries.map(
          (entry) => [metadataLabel(entry.label), <MetadataValue key="value" entry={entry} />] as const,
        ),
      ]}
    />
  );
}

/** Every entry: what fits on a line in two columns, then what needs room, each under its label. */
export function MetadataEntries({ entries }: { readonly entries: readonly MetadataEntry[] }) {
  const isBlock = (entry: MetadataEntry) => blockSummary(entry) !== undefined;
  return (
    <div className={metadataStyles.entries}>
      <Facts
        rows={entries
          .filter((entry) => !isBlock(entry))
          .map((entry) => [metadataLabel(entry.label), <MetadataValue key="value" entry={entry} />] as const)}
      />
      {entries.filter(isBlock).map((entry) => (
        <div key={entry.label}>
          <h3>{metadataLabel(entry.label)}</h3>
          <MetadataValue entry={entry} whole />
        </div>
      ))}
    </div>
  );
}
