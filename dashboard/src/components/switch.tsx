import { cx } from './cx';
import styles from './switch.module.css';

/** On or off; half-way while saving. Disabled ones say why in `title`. */
export function Switch({
  checked,
  saving = false,
  disabled = false,
  label,
  title,
  onChange,
}: {
  readonly checked: boolean;
  readonly saving?: boolean;
  readonly disabled?: boolean;
  readonly label: string;
  readonly title?: string | undefined;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox carries its own state
      role="switch"
      className={cx(styles.switch, saving && styles.saving)}
      aria-label={label}
      aria-busy={saving || undefined}
      checked={checked}
      disabled={disabled}
      title={title}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.key === 'Enter' && event.stopPropagation()}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
