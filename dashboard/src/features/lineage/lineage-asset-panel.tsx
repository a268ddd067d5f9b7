import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ownerText } from '../../components/asset-status';
import { Button, buttonClass } from '../../components/button';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { formatCount } from '../../components/format/number';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { StatusBadge } from '../../components/status-text';
import { Time } from '../../components/time';
import { type AssetCatalogNode, useAssetsLatest } from '../../graphql/use-assets';
import type { AssetRow } from '../assets/asset-filter';
import { ObserveButton } from '../assets/observe-button';
import { staleUpstream } from '../assets/stale-upstream';
import type { LineageAsset } from './lineage-graph';
import styles from './lineage-page.module.css';

export function AssetPanel({
  node,
  rows,
  assets,
  onLaunch,
  onClose,
}: {
  readonly node: AssetCatalogNode;
  readonly rows: readonly AssetRow[];
  readonly assets: readonly LineageAsset[];
  readonly onLaunch: (nodes: readonly AssetCatalogNode[]) => void;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const key = keyText(node.assetKey);
  const own = assets.find((asset) => asset.key === key);
  const single = useMemo(() => [node], [node]);
  const latest = useAssetsLatest(single)?.get(key);
  const stale =
    own?.upstream.flatMap((parent) =>
      assets.filter((asset) => asset.key === parent && asset.status !== 'success' && asset.status !== 'none'),
    ) ?? [];
  const down = assets.filter((asset) => asset.upstream.includes(key));
  const withUpstream = useMemo(() => staleUpstream(key, rows), [key, rows]);
  return (
    <SidePanel title={<h2 className={styles.panelTitle}>{key}</h2>} onClose={onClose}>
      <div className={styles.panelLead}>
        {node.description && <p className="t2">{node.description}</p>}
        {own && <StatusBadge status={{ kind: own.status, word: own.word }} />}
      </div>
      {stale.length > 0 && (
        <Section title="Upstream that is not fresh" padded>
          <ul className={styles.panelList}>
            {stale.slice(0, 6).map((asset) => (
              <li key={asset.key}>
                <Link
                  to="."
                  search={(old: Record<string, string | undefined>) => ({ ...old, asset: asset.key })}
                  className="link"
                  activeProps={{}}
                >
                  {asset.key}
                </Link>{' '}
                <span className="t2">{asset.detail}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Latest materialization" padded>
        <Facts
          rows={[
            [
              'When',
              latest?.latestMaterialization ? (
                <Time key="at" at={Number(latest.latestMaterialization.timestamp)} seconds focusable />
              ) : (
                'never'
              ),
            ],
            latest?.latestRun && [
              'Last run',
              <Link
                key="run"
                to="/runs/$runId"
                params={{ runId: latest.latestRun.runId }}
                className="link mono"
              >
                {latest.latestRun.runId.slice(0, 8)}
              </Link>,
            ],
            ['Group', node.groupName],
            node.owners.length > 0 && ['Owner', node.owners.map(ownerText).join(', ')],
            ['Upstream', String(node.dependencyKeys.length)],
            ['Downstream', String(down.length)],
          ]}
        />
      </Section>
      <div className={styles.panelActions}>
        {node.isObservable ? (
          <ObserveButton node={node} />
        ) : (
          <Button
            look="primary"
            icon="play"
            disabled={!node.isMaterializable || !node.hasMaterializePermission}
            title={node.isMaterializable ? undefined : 'This asset is external: nothing here makes it'}
            onClick={() => onLaunch([node])}
          >
            Materialize…
          </Button>
        )}
        {withUpstream.length > 1 && (
          <Button icon="play" onClick={() => onLaunch(withUpstream.map((row) => row.node))}>
            Materialize with upstream ({formatCount(withUpstream.length)})…
          </Button>
        )}
        <Link to="/assets/$" params={{ _splat: keyToUrl(node.assetKey) }} className={buttonClass()}>
          Open asset
        </Link>
        <Button onClick={() => void navigate({ to: '/lineage', search: { q: `2+${key}+2`, asset: key } })}>
          Focus here
        </Button>
      </div>
    </SidePanel>
  );
}
