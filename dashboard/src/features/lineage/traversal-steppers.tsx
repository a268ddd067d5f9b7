import { Button } from '../../components/button';
import styles from './lineage-page.module.css';
import { everything, type Traversal } from './traversal-token';

/** How many levels up and down of the asset in focus are shown. */
export function TraversalSteppers({
  traversal,
  onChange,
}: {
  readonly traversal: Traversal;
  readonly onChange: (traversal: Traversal) => void;
}) {
  return (['up', 'down'] as const).map((side) => {
    const count = traversal[side];
    const to = (next: number) => onChange({ ...traversal, [side]: next });
    return (
      <fieldset key={side} className={styles.stepper}>
        <legend className="hidden-visually">Levels {side}</legend>
        <span className="t2">{side}</span>
        <Button
          look="ghost"
          small
          icon="minus"
          aria-label={`Fewer levels ${side}`}
          disabled={count === 0}
          onClick={() => to(count >= everything ? 3 : count - 1)}
        />
        <output className="strong">{count >= everything ? 'all' : count}</output>
        <Button
          look="ghost"
          small
          icon="plus"
          aria-label={`More levels ${side}`}
          disabled={count >= everything}
          onClick={() => to(count >= 9 ? everything : count + 1)}
        />
      </fieldset>
    );
  });
}
