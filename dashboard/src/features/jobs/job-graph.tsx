import { useMemo } from 'react';
import { plural } from '../../components/format/number';
import { LineageCanvas } from '../lineage/lineage-canvas';
import { type LineageAsset, lineageBoxes } from '../lineage/lineage-graph';
import { useLineageLayout } from '../lineage/use-lineage-layout';

const words = { label: 'Graph', doubt: 'From what failed' };

/** What a job runs, from left to right; the list beside it is its twin. */
export function JobGraph({
  boxes: members,
  noun,
  isOpen,
  selected,
  onSelect,
  onToggle,
}: {
  readonly boxes: readonly LineageAsset[];
  readonly noun: 'asset' | 'op';
  readonly isOpen: (group: string) => boolean;
  readonly selected: string | undefined;
  readonly onSelect: (key: string | undefined) => void;
  readonly onToggle: (group: string) => void;
}) {
  const boxes = useMemo(() => lineageBoxes(members, isOpen, noun), [members, isOpen, noun]);
  const { graph, pending } = useLineageLayout(boxes);
  return (
    <>
      <LineageCanvas
        graph={graph}
        pending={pending ? plural(boxes.input.nodes, 'box', 'boxes') : undefined}
        selectedId={selected}
        onSelect={(node) => onSelect(node?.id)}
        onToggleGroup={onToggle}
        {...(noun === 'op' ? { words } : {})}
      />
      <ul className="hidden-visually" aria-label="Graph in words">
        {members.map(({ key, upstream, word, kinds }) => (
          <li key={key}>
            {key}
            {upstream.length > 0 && ` after ${upstream.join(', ')}`}
            {[word, ...(noun === 'op' ? kinds : [])].map((each) => `, ${each}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
