import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { TextInput } from '../../components/text-input';
import type { LineageAsset, LineageGraph } from './lineage-graph';
import styles from './lineage-page.module.css';

/** Finds assets in what is drawn, also inside closed groups; Enter and Shift Enter go from one to the next. */
export function LineageFind({
  graph,
  onFound,
}: {
  readonly graph: LineageGraph;
  readonly onFound: (asset: LineageAsset, node: number) => void;
}) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const wanted = text.trim().toLowerCase();
  const matches = useMemo(
    () =>
      wanted === ''
        ? []
        : graph.nodes
            .flatMap(({ assets }, node) => assets.map((asset) => ({ asset, node })))
            .filter(({ asset }) => asset.key.toLowerCase().includes(wanted))
            .sort((a, b) => a.asset.key.localeCompare(b.asset.key)),
    [graph, wanted],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text begins at its first match
  useEffect(() => setAt(-1), [wanted]);
  const go = (step: number) => {
    if (matches.length === 0) return;
    const next = (Math.max(at, step > 0 ? -1 : 0) + step + matches.length) % matches.length;
    const match = matches[next];
    setAt(next);
    if (match) onFound(match.asset, match.node);
  };
  return (
    <search className={styles.find}>
      <TextInput
        label="Find in the graph"
        icon="search"
        placeholder="Find in the graph"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') setText('');
        }}
        invalid={wanted !== '' && matches.length === 0}
        after={
          wanted !== '' && (
            <span className="tiny t3 nowrap" aria-live="polite">
              {matches.length === 0
                ? 'none'
                : `${at < 0 ? '' : `${formatCount(at + 1)} of `}${formatCount(matches.length)}`}
            </span>
          )
        }
      />
      {matches.length > 0 && (
        <>
          <Button look="ghost" small icon="chevronUp" aria-label="Previous match" onClick={() => go(-1)} />
          <Button look="ghost" small icon="chevronDown" aria-label="Next match" onClick={() => go(1)} />
        </>
      )}
    </search>
  );
}
