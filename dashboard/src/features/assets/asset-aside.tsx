import { Link } from '@tanstack/react-router';
import { ownerText } from '../../components/asset-status';
import { Button } from '../../components/button';
import { CopyButton, CopyId } from '../../components/copy-text';
import { cx } from '../../components/cx';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { metadataLabel } from '../../components/format/metadata-label';
import { Facts, Section } from '../../components/section';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import styles from './asset-page.module.css';
import type { Node } from './asset-types';
import type { Materialization } from './metadata-series';
import { MetadataValue } from './metadata-value';
import { RunReference } from './run-reference';

export function AssetAside({
  node,
  latest,
  onWipe,
  onReport,
}: {
  readonly node: Node;
  readonly latest: Materialization | undefined;
  readonly onWipe: () => void;
  readonly onReport: () => void;
}) {
  return (
    <aside className={styles.aside} aria-label="About this asset">
      {node.staleCauses.length > 0 && (
        <Section title="Why it is stale" padded>
          <ul className={styles.causes}>
            {node.staleCauses.slice(0, 5).map((cause) => (
              <li key={`${keyText(cause.key)}-${cause.reason}`}>
                {cause.dependency && <AssetLink path={cause.dependency.path} />}{' '}
                <span className="t2">{cause.reason}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Latest materialization" padded>
        {latest ? (
          <Facts
            rows={[
              [
                'When',
                <span key="at">
                  <Time at={Number(latest.timestamp)} seconds focusable />
                  <span className="t2">
                    {' · '}
                    <Time at={Number(latest.timestamp)} relative />
                  </span>
                </span>,
              ],
              [
                'Run',
                <span key="run" className="row">
                  <RunReference runId={latest.runId} />
                  {latest.runId !== '' && (
                    <CopyButton text={latest.runId} label={`Copy ${latest.runId.slice(0, 8)}`} />
                  )}
                </span>,
              ],
              latest.partition !== null && ['Partition', latest.partition],
              latest.description !== null && ['Description', latest.description],
              ...latest.metadataEntries.map(
                (entry) => [metadataLabel(entry.label), <MetadataValue key="value" entry={entry} />] as const,
              ),
            ]}
          />
        ) : (
          <p className="t2 small">Never materialized.</p>
        )}
      </Section>
      <Section title="Definition" padded>
        <Facts
          rows={[
            [
              'Group',
              <Link key="group" to="/assets" search={{ q: `group:${node.groupName}` }} className="link">
                {node.groupName}
              </Link>,
            ],
            ['Location', node.repository.location.name],
            node.kinds.length > 0 && ['Kind', node.kinds.join(', ')],
            node.owners.length > 0 && ['Owner', node.owners.map(ownerText).join(', ')],
            node.pools.length > 0 && ['Pool', node.pools.join(', ')],
            node.opVersion !== null && ['Code version', <CopyId key="version" id={node.opVersion} />],
            node.definitionSource !== '' && [
              'Source',
              <span key="source" className="row">
                <span className={styles.source} title={node.definitionSource}>
                  {node.definitionSource}
                </span>
                <CopyButton text={node.definitionSource} label="Copy the source’s place" />
              </span>,
            ],
            node.jobNames.length > 0 && [
              'Jobs',
              node.jobNames.filter((name) => !name.startsWith('__')).join(', ') || '—',
            ],
            node.tags.length > 0 && [
              'Tags',
              <span key="tags" className={styles.tags}>
                {node.tags.map((tag) => (
                  <Tag key={tag.key} k={tag.value ? tag.key : undefined} value={tag.value || tag.key} />
                ))}
              </span>,
            ],
          ]}
        />
      </Section>
      <KeyList title="Upstream" keys={node.dependencyKeys} />
      <KeyList title="Downstream" keys={node.dependedByKeys} />
      <Section title="Report" padded>
        <p className={cx(styles.hint, 't2 small')}>
          Record a materialization or an observation that happened elsewhere.
        </p>
        <Button
          small
          disabled={!node.hasReportRunlessAssetEventPermission}
          title={
            node.hasReportRunlessAssetEventPermission ? undefined : 'Your role may not report events here'
          }
          onClick={onReport}
        >
          Report an event…
        </Button>
      </Section>
      <Section title="Wipe" padded>
        <p className={cx(styles.hint, 't2 small')}>
          Forget every materialization, observation and check result of this asset.
        </p>
        <Button
          look="danger"
          small
          disabled={!node.hasWipePermission}
          title={node.hasWipePermission ? undefined : 'Your role may not wipe assets here'}
          onClick={onWipe}
        >
          Wipe everything…
        </Button>
      </Section>
    </aside>
  );
}

export function KeyList({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly { readonly path: readonly string[] }[];
}) {
  if (keys.length === 0) return null;
  return (
    <Section title={title} detail={keys.length} padded>
      <ul className={styles.causes}>
        {keys.slice(0, 12).map((key) => (
          <li key={keyText(key)}>
            <AssetLink path={key.path} />
          </li>
        ))}
      </ul>
      {keys.length > 12 && <p className="t3 small">and {keys.length - 12} more in the lineage</p>}
    </Section>
  );
}

export function AssetLink({ path }: { readonly path: readonly string[] }) {
  return (
    <Link to="/assets/$" params={{ _splat: keyToUrl({ path }) }} className="link">
      {path.join('/')}
    </Link>
  );
}
