import type { InputHTMLAttributes, Ref } from 'react';
import { cx } from './cx';
import { Icon } from './icon';
import type { IconName } from './icon-paths';
import styles from './text-input.module.css';

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Names the field; shown to assistive technology only unless a visible label points at it. */
  readonly label: string;
  readonly icon?: IconName;
  readonly mono?: boolean;
  readonly after?: React.ReactNode;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly invalid?: boolean;
}

export function TextInput({
  label,
  icon,
  mono,
  after,
  inputRef,
  invalid,
  className,
  ...rest
}: TextInputProps) {
  return (
    <span className={cx(styles.wrap, invalid && styles.invalid, className)}>
      {icon && <Icon name={icon} />}
      <input
        type="text"
        aria-label={label}
        aria-invalid={invalid || undefined}
        className={cx(styles.input, mono && styles.mono)}
        autoComplete="off"
        spellCheck={false}
        ref={inputRef}
        {...rest}
      />
      {after}
    </span>
  );
}
