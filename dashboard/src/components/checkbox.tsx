import styles from './checkbox.module.css';

/** A checkbox with a hidden label; `mixed` when only some of its rows are selected. */
export function Checkbox({
  checked,
  mixed = false,
  label,
  onChange,
  tabIndex,
}: {
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly label: string;
  readonly onChange: (checked: boolean, shift: boolean) => void;
  readonly tabIndex?: number;
}) {
  return (
    <input
      type="checkbox"
      className={styles.box}
      aria-label={label}
      checked={checked}
      tabIndex={tabIndex}
      ref={(node) => {
        if (node) node.indeterminate = mixed;
      }}
      onClick={(event) => event.stopPropagation()}
      onChange={(event) => onChange(event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
    />
  );
}
