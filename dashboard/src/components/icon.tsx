import styles from './icon.module.css';
import { type IconName, iconPaths } from './icon-paths';

/** Decorative: the word beside it, or the button's label, carries the meaning. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path
        d={iconPaths[name]}
        {...(name === 'play' ? { fill: 'currentColor' } : {})}
        {...(name === 'more' || name === 'deployment' ? { strokeWidth: 1.8 } : {})}
      />
    </svg>
  );
}
