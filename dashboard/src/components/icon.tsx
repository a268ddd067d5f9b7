import styles from './icon.module.css';

/** Line icons on a 16 × 16 grid; stroke follows the text colour. */
const paths = {
  overview: 'M2 3.5h6M5 8h8M3.5 12.5h6',
  runs: 'M2 4h7M2 8h11M2 12h5M11 2.5 13.5 4 11 5.5z',
  backfills: 'M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM11.2 9v4.5M9 11.2h4.5',
  assets: 'M8 2 14 5 8 8 2 5zM2.4 8 8 10.8 13.6 8M2.4 11 8 13.8 13.6 11',
  lineage: 'M1.8 6h4v4h-4zM10.2 2h4v4h-4zM10.2 10h4v4h-4zM5.8 8h1.5c1.5 0 1-4 2.9-4M7.3 8c1.5 0 1 4 2.9 4',
  jobs: 'M4 2.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM4 10.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM12 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM5.7 4.8l4.6 2.4M5.7 11.2l4.6-2.4',
  schedules: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 4.8V8l2.2 1.6',
  sensors:
    'M8 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zM5 11a4.3 4.3 0 0 1 0-6M11 5a4.3 4.3 0 0 1 0 6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10',
  bolt: 'M8.8 1.8 3.6 9h3.8l-.6 5.2L12.4 7H8.2z',
  deployment: 'M2.2 2.8h11.6v4.4H2.2zM2.2 8.8h11.6v4.4H2.2zM4.8 5h.01M4.8 11h.01',
  keyboard: 'M2 4h12v8H2zM4.5 6.7h.01M8 6.7h.01M11.5 6.7h.01M5.5 9.5h5',
  user: 'M8 3a2.6 2.6 0 1 1 0 5.2A2.6 2.6 0 0 1 8 3zM3 13.5c.5-2.6 2.5-4 5-4s4.5 1.4 5 4',
  search: 'M7 2.7a4.3 4.3 0 1 1 0 8.6 4.3 4.3 0 0 1 0-8.6zM10.3 10.3l3.2 3.2',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  globe:
    'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM2.2 8h11.6M8 2.2c3.4 3.6 3.4 8 0 11.6-3.4-3.6-3.4-8 0-11.6z',
  theme: 'M8 2.4a5.6 5.6 0 1 1 0 11.2A5.6 5.6 0 0 1 8 2.4zM8 2.4v11.2M10 3v10M12 4.2v7.6',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  play: 'M4.5 3l8 5-8 5z',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6L13 6M13 2.8V6H9.8',
  chevronDown: 'M4 6l4 4 4-4',
  chevronUp: 'M4 10l4-4 4 4',
  chevronRight: 'M6 4l4 4-4 4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  download: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.2h10',
  link: 'M6.5 9.5l3-3M7.2 4.6l1.3-1.3a2.7 2.7 0 0 1 3.9 3.9l-1.3 1.3M8.8 11.4l-1.3 1.3a2.7 2.7 0 0 1-3.9-3.9l1.3-1.3',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3',
  table: 'M2.2 3h11.6v10H2.2zM2.2 6.3h11.6M6.5 6.3V13',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  fold: 'M2.5 3h11v10h-11zM6 3v10',
  arrowDown: 'M8 3v9M4.5 8.8 8 12.3l3.5-3.5',
} as const;

export type IconName = keyof typeof paths;

/** Decorative: the word beside it, or the button's label, carries the meaning. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path
        d={paths[name]}
        {...(name === 'play' ? { fill: 'currentColor' } : {})}
        {...(name === 'more' || name === 'deployment' ? { strokeWidth: 1.8 } : {})}
      />
    </svg>
  );
}
