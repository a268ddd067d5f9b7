import { useState } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import { useLiveQuery } from '../../graphql/use-live-query';
import { truePartitionsDocument } from './automation.graphql';
import styles from './automation-page.module.css';
import { type EvaluationNode, outcomeLooks } from './evaluation-tree';

/** Partitions named before "and 12 more". */
const named = 40;

export interface PartitionsOf {
  readonly asset: { readonly path: readonly string[] };
  readonly evaluationId: string;
}

/** A condition and its parts, each with what it came to. */
export function EvaluationTreeView({
  root,
  partitionsOf,
}: {
  readonly root: EvaluationNode;
  /** Where to ask for the partitions of a node; null of what has none. */
  readonly partitionsOf: PartitionsOf | null;
}) {
  return (
    <ul className={styles.tree} aria-label="Evaluation">
      <Node node={{ ...root, entity: null }} partitionsOf={partitionsOf} strong />
    </ul>
  );
}

function Node({
  node,
  partitionsOf,
  strong = false,
}: {
  readonly node: EvaluationNode;
  readonly partitionsOf: PartitionsOf | null;
  readonly strong?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { kind, word } = outcomeLooks[node.outcome];
  const canOpen = node.isPartitioned && node.numTrue > 0 && partitionsOf !== null;
  return (
    <li data-outcome={node.outcome}>
      <div className={styles.node}>
        <StatusIcon kind={kind} label={word} />
        <span className={strong ? 'strong' : node.outcome === 'true' ? undefined : 't2'}>
          {node.entity !== null && <span className={styles.entity}>{node.entity} </span>}
          {node.text}
          {node.since && <Since since={node.since} />}
        </span>
        <span className={styles.count}>
          {node.outcome === 'unasked' ? (
            <span className="t3">not asked</span>
          ) : canOpen ? (
            <Button
              small
              look="ghost"
              aria-expanded={open}
              aria-label={`${formatCount(node.numTrue)} of ${formatCount(node.numCandidates)} partitions of ${node.text}`}
              onClick={() => setOpen(!open)}
            >
              {formatCount(node.numTrue)} of {formatCount(node.numCandidates)}
            </Button>
          ) : node.isPartitioned ? (
            `${formatCount(node.numTrue)} of ${formatCount(node.numCandidates)}`
          ) : (
            word
          )}
        </span>
      </div>
      {open && partitionsOf && <Partitions nodeId={node.id} {...partitionsOf} />}
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <Node key={child.id} node={child} partitionsOf={partitionsOf} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Since({ since }: { readonly since: NonNullable<EvaluationNode['since']> }) {
  return (
    <span className="t3">
      {' · '}
      {since.triggered === null ? (
        'never true yet'
      ) : (
        <>
          true at <Time at={since.triggered * 1_000} seconds />
        </>
      )}
      {since.reset !== null && (
        <>
          , reset at <Time at={since.reset * 1_000} seconds />
        </>
      )}
    </span>
  );
}

function Partitions({ nodeId, asset, evaluationId }: PartitionsOf & { readonly nodeId: string }) {
  const query = useLiveQuery(
    truePartitionsDocument,
    { assetKey: { path: [...asset.path] }, evaluationId, nodeUniqueId: nodeId },
    {
      interval: false,
      select: (answer) => answer.truePartitionsForAutomationConditionEvaluationNode ?? [],
    },
  );
  return (
    <div className={styles.partitions}>
      <QueryPanel query={query} title="Partitions could not be loaded" rows={1}>
        {(keys) => (
          <span className="mono">
            {keys.slice(0, named).join(', ')}
            {keys.length > named && ` and ${formatCount(keys.length - named)} more`}
          </span>
        )}
      </QueryPanel>
    </div>
  );
}
