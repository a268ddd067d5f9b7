import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import type { ApiError } from '../../graphql/api-error';
import type { LateResult } from '../../graphql/generated';
import styles from './overview-page.module.css';

const shown = 6;

/** Assets that are later than their freshness policy allows, or soon will be. */
export function Freshness({ query }: { readonly query: UseQueryResult<LateResult, ApiError> }) {
  return (
    <Section
      title="Freshness"
      padded
      actions={
        <Link to="/assets" className="link">
          Assets
        </Link>
      }
    >
      <QueryPanel query={query} title="Freshness could not be loaded" rows={3}>
        {({ assetNodes }) => {
          const { late, soon, fresh, unknown } = countFreshness(assetNodes);
          return late.length + soon.length + fresh + unknown === 0 ? (
            <p className="t2 small">
              No asset has a freshness policy. Declare how old its data may be: <code>freshness</code> beside
              the asset.
            </p>
          ) : (
            <>
              <ul className={styles.list}>
                {[...late, ...soon].slice(0, shown).map((node) => {
                  const isLate = node.freshnessStatusInfo.freshnessStatus === 'DEGRADED';
                  const { since } = node.freshnessStatusInfo;
                  return (
                    <li key={node.id}>
                      <StatusIcon kind={isLate ? 'late' : 'warn'} label={isLate ? 'Late' : 'Nearly late'} />
                      <Link
                        to="/assets/$"
                        params={{ _splat: keyToUrl(node.assetKey) }}
                        className="strong grow ellipsis"
                      >
                        {keyText(node.assetKey)}
                      </Link>
                      <span className="t2 nowrap">
                        {isLate ? 'late' : 'nearly late'}
                        {since !== null && (
                          <>
                            {' since '}
                            <Time at={since * 1_000} />
                          </>
                        )}
                      </span>
                    </li>
                  );
                })}
              </ul>
              <p className="t2 small">
                {late.length + soon.length > shown &&
                  `and ${formatCount(late.length + soon.length - shown)} more · `}
                {plural(fresh, 'asset')} within policy
                {unknown > 0 && ` · ${formatCount(unknown)} not known yet`}
              </p>
            </>
          );
        }}
      </QueryPanel>
    </Section>
  );
}

function countFreshness(nodes: LateResult['assetNodes']) {
  const of = (status: string) => nodes.filter((node) => node.freshnessStatusInfo.freshnessStatus === status);
  return {
    late: of('DEGRADED'),
    soon: of('WARNING'),
    fresh: of('HEALTHY').length,
    unknown: of('UNKNOWN').length,
  };
}
