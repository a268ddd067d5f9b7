import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useState } from 'react';
import { cx } from '../components/cx';
import { usePreferences } from '../components/preferences';
import { Toasts } from '../components/toast';
import { useNarrow } from '../components/use-media';
import { BottomBar, Navigation } from './navigation';
import { OverlayBoundary } from './overlay-boundary';
import styles from './shell.module.css';
import { TopBar } from './top-bar';
import { Unreachable, useIsUnreachable } from './unreachable';
import { useShortcuts } from './use-shortcuts';

const SearchPalette = lazy(() => import('./search-palette'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog'));
const SettingsDialog = lazy(() => import('./settings-dialog'));
const MoreDialog = lazy(() => import('./more-dialog'));

export type Overlay = 'search' | 'shortcuts' | 'settings' | 'more';

/** What is around every page: navigation, top bar, messages, search and shortcuts. */
export function Shell() {
  const { navFolded } = usePreferences();
  const narrow = useNarrow();
  const isLineage = useRouterState({ select: (state) => state.location.pathname === '/lineage' });
  const [overlay, setOverlay] = useState<Overlay>();
  const navigate = useNavigate();
  const isUnreachable = useIsUnreachable();
  const close = useCallback(() => setOverlay(undefined), []);
  useShortcuts(navigate, setOverlay);
  return (
    <div className={cx(styles.app, (navFolded || isLineage) && styles.rail)}>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      {!narrow && <Navigation onOverlay={setOverlay} />}
      <TopBar onSearch={() => setOverlay('search')} />
      <main id="content" className={styles.main} tabIndex={-1}>
        {isUnreachable && <Unreachable />}
        {/* Goes on asking while it is hidden. */}
        <div className={styles.page} hidden={isUnreachable}>
          <Outlet />
        </div>
      </main>
      {narrow && <BottomBar onMore={() => setOverlay('more')} />}
      <Toasts />
      <OverlayBoundary key={overlay} onClose={close}>
        <Suspense>
          {overlay === 'search' && <SearchPalette onClose={close} onOverlay={setOverlay} />}
          {overlay === 'shortcuts' && <ShortcutsDialog onClose={close} />}
          {overlay === 'settings' && (
            <SettingsDialog onClose={close} onShortcuts={() => setOverlay('shortcuts')} />
          )}
          {overlay === 'more' && <MoreDialog onClose={close} onSettings={() => setOverlay('settings')} />}
        </Suspense>
      </OverlayBoundary>
    </div>
  );
}
