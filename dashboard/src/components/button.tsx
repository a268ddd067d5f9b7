import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';
import { cx } from './cx';
import { Icon } from './icon';
import type { IconName } from './icon-paths';
import { StatusIcon } from './status-icon';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once per page. Default `plain`. */
  readonly look?: 'plain' | 'primary' | 'ghost' | 'danger' | 'danger-solid';
  readonly icon?: IconName;
  readonly small?: boolean;
  /** Shows that its action is under way; the button stays focusable but does nothing. */
  readonly busy?: boolean;
}

/** A button that says its result: "Cancel 37 runs". Without children give `aria-label`. */
export function Button({
  look = 'plain',
  icon,
  small,
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const iconOnly = children === undefined || children === null;
  return (
    <button
      type="button"
      className={cx(
        styles.button,
        styles[look],
        small && styles.small,
        small && 'hit',
        iconOnly && styles.iconOnly,
        className,
      )}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      {...(iconOnly ? { title: rest['aria-label'] } : {})}
      {...rest}
    >
      {busy ? <StatusIcon kind="running" size={12} /> : icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

/** The same look on a link. */
export function buttonClass(look: NonNullable<ButtonProps['look']> = 'plain', small = false): string {
  return cx(styles.button, styles[look], small && styles.small, small && 'hit');
}
