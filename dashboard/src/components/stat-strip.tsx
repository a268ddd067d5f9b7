import { Link, type LinkProps } from '@tanstack/react-router';
import styles from './stat-strip.module.css';
import type { StatusKind } from './status';
import { StatusIcon } from './status-icon';

export interface Stat {
  readonly label: string;
  readonly kind: StatusKind;
  readonly value: string;
  readonly detail?: string | undefined;
  /** Where the cell leads. */
  readonly link?: Pick<LinkProps, 'to' | 'search' | 'params'>;
  readonly small?: boolean;
}

/** A row of figures; each says its reason and leads to its list. */
export function StatStrip({ stats, label }: { readonly stats: readonly Stat[]; readonly label: string }) {
  return (
    <ul className={styles.strip} aria-label={label}>
      {stats.map((stat) => (
        <li key={stat.label}>
          {stat.link ? (
            <Link {...stat.link} className={styles.cell} activeProps={{}}>
              <Cell stat={stat} />
            </Link>
          ) : (
            <div className={styles.cell}>
              <Cell stat={stat} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Cell({ stat }: { readonly stat: Stat }) {
  return (
    <>
      <span className={styles.label}>
        <StatusIcon kind={stat.kind} />
        {stat.label}
      </span>
      <span className={stat.small ? styles.small : styles.value}>{stat.value}</span>
      <span className={styles.detail} title={stat.detail}>
        {stat.detail ?? ' '}
      </span>
    </>
  );
}
