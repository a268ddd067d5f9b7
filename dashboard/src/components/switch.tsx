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
    <button
      type="button"
      role="switch"
      className={cx('hit', styles.switch, saving && styles.saving)}
      aria-label={label}
      aria-checked={checked}
      aria-busy={saving || undefined}
      disabled={disabled}
      title={title}
      onClick={() => onChange(!checked)}
    />
  );
}
