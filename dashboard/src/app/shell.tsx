import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useState } from 'react';
import { cx } from '../components/cx';
import { usePreferences } from '../components/preferences';
import { Toasts } from '../components/toast';
import { useNarrow } from '../components/use-media';
import { BottomBar, Navigation } from './navigation';
import styles from './shell.module.css';
import { TopBar } from './top-bar';
import { useShortcuts } from './use-shortcuts';

const SearchPalette = lazy(() => import('./search-palette'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog'));
const MoreDialog = lazy(() => import('./more-dialog'));

export type Overlay = 'search' | 'shortcuts' | 'more';

/** What is around every page: navigation, top bar, messages, search and shortcuts. */
export function Shell() {
  const { navFolded } = usePreferences();
  const narrow = useNarrow();
  const isLineage = useRouterState({ select: (state) => state.location.pathname === '/lineage' });
  const [overlay, setOverlay] = useState<Overlay>();
  const navigate = useNavigate();
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
        <Outlet />
      </main>
      {narrow && <BottomBar onMore={() => setOverlay('more')} />}
      <Toasts />
      <Suspense>
        {overlay === 'search' && <SearchPalette onClose={close} />}
        {overlay === 'shortcuts' && <ShortcutsDialog onClose={close} />}
        {overlay === 'more' && <MoreDialog onClose={close} />}
      </Suspense>
    </div>
  );
}
