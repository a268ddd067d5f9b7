import { Link, useRouterState } from '@tanstack/react-router';
import { Fragment } from 'react';
import { Icon } from '../components/icon';
import { StatusIcon } from '../components/status-icon';
import { Kbd } from '../components/tag';
import { useShellCounts } from '../graphql/use-shell-counts';
import { BrandMark } from './brand';
import { destinations } from './destinations';
import type { Overlay } from './shell';
import styles from './shell.module.css';

/** The left navigation with its live counts. */
export function Navigation({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const counts = useShellCounts();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav className={styles.nav} aria-label="Main">
      <Link
        to="/"
        className={styles.brand}
        activeProps={{ 'aria-current': undefined }}
        aria-label="Headrace, overview"
      >
        <BrandMark />
        <span className={styles.label}>Headrace</span>
      </Link>
      {destinations.map((place, index) => (
        <Fragment key={place.text}>
          {place.section && place.section !== destinations[index - 1]?.section && (
            <div className={styles.heading}>{place.section}</div>
          )}
          <Link
            to={place.to}
            className={styles.item}
            activeOptions={{ exact: place.to === '/', includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
            {...(place.also && pathname.startsWith(place.also) ? { 'aria-current': 'page' } : {})}
            title={place.text}
          >
            <Icon name={place.icon} />
            <span className={styles.label}>{place.text}</span>
            {place.to === '/runs' && counts.inProgress > 0 && (
              <span className={styles.count} title={`${counts.inProgress} in progress`}>
                <span>{counts.inProgress}</span>
              </span>
            )}
            {place.to === '/deployment' && counts.brokenLocations.length > 0 && (
              <span className={styles.count} data-st="warn">
                <StatusIcon kind="warn" size={12} label="Code locations with load errors" />
                <span>{counts.brokenLocations.length}</span>
              </span>
            )}
          </Link>
        </Fragment>
      ))}
      <div className={styles.foot}>
        <button type="button" className={styles.item} onClick={() => onOverlay('settings')} title="Settings">
          <Icon name="settings" />
          <span className={styles.label}>Settings</span>
        </button>
        <button
          type="button"
          className={styles.item}
          onClick={() => onOverlay('shortcuts')}
          title="Shortcuts"
        >
          <Icon name="keyboard" />
          <span className={styles.label}>Shortcuts</span>
          <span className={styles.count}>
            <Kbd>?</Kbd>
          </span>
        </button>
      </div>
    </nav>
  );
}

/** The phone's five places. */
export function BottomBar({ onMore }: { readonly onMore: () => void }) {
  return (
    <nav className={styles.bottom} aria-label="Main">
      {destinations
        .filter((place) => place.bottom)
        .map((place) => (
          <Link
            key={place.text}
            to={place.to}
            activeOptions={{ exact: place.to === '/', includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon name={place.icon} size={18} />
            {place.text}
          </Link>
        ))}
      <button type="button" onClick={onMore}>
        <Icon name="menu" size={18} />
        More
      </button>
    </nav>
  );
}
