import { Link } from '@tanstack/react-router';
import { ownerText } from '../../components/asset-status';
import { Button } from '../../components/button';
import { CopyButton, CopyId } from '../../components/copy-text';
import { cx } from '../../components/cx';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { Facts, Section } from '../../components/section';
import { Tag } from '../../components/tag';
import styles from './asset-page.module.css';
import type { AssetActions, Node, Observation } from './asset-types';
import { EventFacts } from './event-facts';
import type { Materialization } from './metadata-series';

/** What an asset was last, is by its definition, and comes from; and what can be done with its record. */
export function AssetAside({
  node,
  latest,
  observation,
  actions,
}: {
  readonly node: Node;
  readonly latest: Materialization | undefined;
  /** The last one, if it says more than the materialization before it. */
  readonly observation: Observation | undefined;
  readonly actions: Pick<AssetActions, 'report' | 'wipe'>;
}) {
  return (
    <aside className={styles.aside} aria-label="About this asset">
      {!node.isMaterializable && <ExternalNote isObservable={node.isObservable} />}
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
      {observation && (
        <Section title="Latest observation" padded>
          <EventFacts event={observation} entries={observation.metadataEntries} />
        </Section>
      )}
      {(node.isMaterializable || latest || !observation) && (
        <Section title="Latest materialization" padded>
          {latest ? (
            <EventFacts event={latest} entries={latest.metadataEntries} />
          ) : (
            <p className="t2 small">Never materialized.</p>
          )}
        </Section>
      )}
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
      {node.isMaterializable && (
        <Section title="Report" padded>
          <p className={cx(styles.hint, 't2 small')}>
            Record a materialization or an observation that happened elsewhere.
          </p>
          <Button
            small
            disabled={actions.report === undefined}
            title={actions.report ? undefined : 'Your role may not report events here'}
            onClick={actions.report}
          >
            Report an event…
          </Button>
        </Section>
      )}
      <Section title="Wipe" padded>
        <p className={cx(styles.hint, 't2 small')}>
          Forget every materialization, observation and check result of this asset.
        </p>
        <Button
          look="danger"
          small
          disabled={actions.wipe === undefined}
          title={actions.wipe ? undefined : 'Your role may not wipe assets here'}
          onClick={() => actions.wipe?.([])}
        >
          Wipe everything…
        </Button>
      </Section>
    </aside>
  );
}

/** Why there is no button that makes it. */
function ExternalNote({ isObservable }: { readonly isObservable: boolean }) {
  return (
    <Section title="External" padded>
      <p className="t2 small">
        {isObservable
          ? 'Nothing here makes this asset. Observing it tells whether it changed, and what is downstream follows.'
          : 'Nothing here makes this asset. Report what happens to it, here or by the API, and what is downstream follows.'}
      </p>
    </Section>
  );
}

function KeyList({
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

function AssetLink({ path }: { readonly path: readonly string[] }) {
  return (
    <Link to="/assets/$" params={{ _splat: keyToUrl({ path }) }} className="link">
      {path.join('/')}
    </Link>
  );
}
