import { lazy, Suspense } from 'react';
import { Button } from '../components/button';
import { zoneLabel, zoneOffset } from '../components/format/time';
import { Icon } from '../components/icon';
import { PageTitleSlot } from '../components/page-title';
import { browserZone, setPreferences, type Theme, usePreferences } from '../components/preferences';
import { Kbd } from '../components/tag';
import { Time, useZone } from '../components/time';
import { useNow } from '../components/use-now';
import { useConnection } from '../graphql/connection';
import { useSession } from '../identity/session';
import styles from './shell.module.css';

const AccountMenu = lazy(() => import('./account-menu'));

const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);

export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  const user = useSession();
  return (
    <header className={styles.top}>
      <PageTitleSlot />
      <button type="button" className={styles.find} onClick={onSearch}>
        <Icon name="search" />
        <span className={styles.findText}>Search jobs, assets, runs…</span>
        <span className={styles.keys} aria-hidden="true">
          <Kbd>{isApple ? '⌘K' : 'Ctrl K'}</Kbd>
        </span>
      </button>
      <LiveMark />
      <ZoneButton />
      <ThemeButton />
      <Suspense>{user.kind === 'open' && <AccountMenu session={user.session} />}</Suspense>
    </header>
  );
}

/** Live, or how old the data is while the API does not answer. */
function LiveMark() {
  const { failingSince, lastAnswerAt } = useConnection();
  if (failingSince === undefined) {
    return (
      <span className={styles.live} title="Updates every second while this page is visible">
        <i />
        <span className="wide-only">Live</span>
      </span>
    );
  }
  return (
    <span
      className={styles.live}
      data-stale
      role="status"
      title="The API does not answer; trying again every 5 s"
    >
      <i />
      {lastAnswerAt ? (
        <span>
          Data of <Time at={lastAnswerAt} />
        </span>
      ) : (
        'No data'
      )}
    </span>
  );
}

export function toggleZone(zone: string): void {
  setPreferences({ zone: zone === 'UTC' ? 'local' : 'UTC' });
}

function ZoneButton() {
  const { zone: chosen } = usePreferences();
  const zone = useZone();
  const now = useNow();
  const other = chosen === 'UTC' ? zoneLabel(browserZone) : 'UTC';
  return (
    <Button
      look="ghost"
      small
      icon="globe"
      className="wide-only"
      title={`Times in ${zone}, ${zoneOffset(now, zone)}. Switch to ${other}.`}
      onClick={() => toggleZone(chosen)}
    >
      {zoneLabel(zone)}
    </Button>
  );
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}

function ThemeButton() {
  const { theme } = usePreferences();
  return (
    <Button
      look="ghost"
      small
      icon="theme"
      aria-label={`Theme: ${theme}. Switch to ${nextTheme(theme)}.`}
      onClick={() => setPreferences({ theme: nextTheme(theme) })}
    />
  );
}
