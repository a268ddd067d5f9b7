import type { ReactNode } from 'react';
import type { StatusKind } from './status';
import styles from './status-icon.module.css';

const ring = (extra: object = {}) => (
  <circle cx="7" cy="7" r="5.7" fill="none" stroke="currentColor" strokeWidth="1.5" {...extra} />
);
const triangle = (
  <>
    <path d="M7 1.2 13.4 12.6H.6z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
    <path className={styles.glyph} d="M7 5.2v3.4M7 10.7h.01" />
  </>
);

/** One silhouette per status: readable without its colour. */
const shapes: Readonly<Record<StatusKind, ReactNode>> = {
  queued: (
    <>
      {ring()}
      <path className={styles.line} d="M7 4v3.2l2 1.3" />
    </>
  ),
  starting: (
    <>
      {ring({ strokeDasharray: '2.2 2.2' })}
      <path d="M5.6 4.6 9.4 7l-3.8 2.4z" fill="currentColor" />
    </>
  ),
  running: (
    <>
      {ring({ opacity: 0.3, strokeWidth: 1.8 })}
      <path
        className={styles.spin}
        d="M7 1.3A5.7 5.7 0 1 1 1.4 8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
      <circle cx="7" cy="7" r="1.9" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <rect x=".8" y=".8" width="12.4" height="12.4" rx="3" fill="currentColor" />
      <path className={styles.glyph} d="M5.3 4.6v4.8M8.7 4.6v4.8" />
    </>
  ),
  retry: (
    <>
      <rect x=".8" y=".8" width="12.4" height="12.4" rx="3" fill="currentColor" />
      <path className={styles.glyph} d="M10 7a3 3 0 1 1-1-2.2L10 5.6M10 3.6v2H8" />
    </>
  ),
  success: (
    <>
      <circle cx="7" cy="7" r="6.4" fill="currentColor" />
      <path className={styles.glyph} d="M4.2 7.2l2 2 3.6-4.2" />
    </>
  ),
  failure: (
    <>
      <path d="M4.3.6h5.4l3.7 3.7v5.4l-3.7 3.7H4.3L.6 9.7V4.3z" fill="currentColor" />
      <path className={styles.glyph} d="M4.8 4.8l4.4 4.4M9.2 4.8 4.8 9.2" />
    </>
  ),
  canceling: (
    <>
      {ring({ strokeDasharray: '2.2 2.2' })}
      <path className={styles.line} d="M3.4 10.6l7.2-7.2" />
    </>
  ),
  canceled: (
    <>
      {ring()}
      <path className={styles.line} d="M3.2 10.8l7.6-7.6" />
    </>
  ),
  skipped: (
    <>
      <rect
        x="1.3"
        y="1.3"
        width="11.4"
        height="11.4"
        rx="3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
      />
      <path className={styles.line} d="M4.6 4.6 7 7 4.6 9.4M7.4 4.6 9.8 7 7.4 9.4" />
    </>
  ),
  none: ring({ strokeWidth: 1.3 }),
  expected: ring({ strokeWidth: 1.3, strokeDasharray: '.2 2.4', strokeLinecap: 'round' }),
  warn: triangle,
  late: triangle,
  missed: (
    <>
      <path
        d="M7 1 13 7 7 13 1 7z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
      <path className={styles.line} d="M4.8 7h4.4" />
    </>
  ),
  stale: (
    <>
      {ring()}
      <path d="M7 1.3a5.7 5.7 0 0 1 0 11.4z" fill="currentColor" />
    </>
  ),
  missing: ring({ strokeWidth: 1.4, strokeDasharray: '2 2' }),
};

/** A status by its shape. Give `label` where no word stands beside it. */
export function StatusIcon({
  kind,
  label,
  size = 14,
}: {
  readonly kind: StatusKind;
  readonly label?: string;
  readonly size?: number;
}) {
  const name = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden beside its word
    <svg className={styles.icon} data-st={kind} viewBox="0 0 14 14" width={size} height={size} {...name}>
      {shapes[kind]}
    </svg>
  );
}
