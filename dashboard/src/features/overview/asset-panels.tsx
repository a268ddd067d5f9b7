import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keyFromUrl, keyToUrl } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import type { ApiError } from '../../graphql/api-error';
import type { LateResult } from '../../graphql/generated';
import type { AssetOverview } from './asset-overview';
import styles from './overview-page.module.css';

/** Assets or groups in a panel. */
const shown = 6;

/** Assets that are later than their freshness policy allows, or soon will be; and how the groups of assets are. */
export function AssetPanels({
  query,
  assets,
}: {
  readonly query: UseQueryResult<LateResult, ApiError>;
  /** What the query answered, counted. */
  readonly assets: AssetOverview | undefined;
}) {
  const catalog = (
    <Link to="/assets" className="link">
      Assets
    </Link>
  );
  return (
    <div>
      <Section title="Freshness" padded actions={catalog}>
        <QueryPanel query={query} title="Freshness could not be loaded" rows={3}>
          {() => assets && <Freshness freshness={assets.freshness} />}
        </QueryPanel>
      </Section>
      {assets && assets.groups.length > 0 && (
        <Section title="Asset groups" padded>
          <Groups groups={assets.groups} />
        </Section>
      )}
    </div>
  );
}

function Freshness({ freshness }: { readonly freshness: AssetOverview['freshness'] }) {
  const { late, soon, fresh, unknown } = freshness;
  if (late.length + soon.length + fresh + unknown === 0)
    return (
      <p className="t2 small">
        No asset has a freshness policy. Declare how old its data may be: <code>freshness</code> beside the
        asset.
      </p>
    );
  const items = [
    ...late.map((item) => ({ ...item, isLate: true })),
    ...soon.map((item) => ({ ...item, isLate: false })),
  ];
  return (
    <>
      <ul className={styles.list}>
        {items.slice(0, shown).map(({ key, since, isLate }) => (
          <li key={key}>
            <StatusIcon kind={isLate ? 'late' : 'warn'} label={isLate ? 'Late' : 'Nearly late'} />
            <Link
              to="/assets/$"
              params={{ _splat: keyToUrl(keyFromUrl(key)) }}
              className="strong grow ellipsis"
              title={key}
            >
              {key}
            </Link>
            <span className="t2 nowrap">
              {isLate ? 'late' : 'nearly late'}
              {since !== null && (
                <>
                  {' since '}
                  <Time at={since} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="t2 small">
        {items.length > shown && `and ${formatCount(items.length - shown)} more · `}
        {plural(fresh, 'asset')} within policy
        {unknown > 0 && ` · ${formatCount(unknown)} not known yet`}
      </p>
    </>
  );
}

function Groups({ groups }: { readonly groups: AssetOverview['groups'] }) {
  return (
    <>
      <ul className={styles.groups}>
        {groups.slice(0, shown).map(({ name, size, statuses }) => (
          <li key={name}>
            <Link to="/assets" search={{ q: `group:${name}` }} className="strong grow ellipsis" title={name}>
              {name}
            </Link>
            {statuses.map(({ status, count }) => (
              <Link
                key={status.word}
                to="/assets"
                search={{ q: `group:${name} status:${status.word.toLowerCase()}` }}
                className={styles.count}
                aria-label={`${formatCount(count)} of ${formatCount(size)} in ${name}: ${status.word}`}
                title={`${formatCount(count)} ${status.word}`}
              >
                <StatusIcon kind={status.kind} />
                {formatCount(count)}
              </Link>
            ))}
          </li>
        ))}
      </ul>
      {groups.length > shown && (
        <p className="t2 small">
          and {formatCount(groups.length - shown)} more {groups.length - shown === 1 ? 'group' : 'groups'}
        </p>
      )}
    </>
  );
}
