import type { UseNavigateResult } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isTyping } from '../components/is-typing';
import { setPreferences, usePreferences } from '../components/preferences';
import { destinations } from './destinations';
import type { Overlay } from './shell';
import { nextTheme, toggleZone } from './top-bar';

/** Ms within which the second key of `g r` counts. */
const sequenceMs = 1_200;

/** Keys that work on every page; pages add their own (`/`, `j`, `f`, ...). */
export function useShortcuts(navigate: UseNavigateResult<string>, open: (overlay: Overlay) => void): void {
  const preferences = usePreferences();
  const latest = useRef(preferences);
  latest.current = preferences;
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open('search');
        return;
      }
      if (isTyping(event)) return;
      const { theme, zone, navFolded } = latest.current;
      // When they were pressed, not when a busy page comes to hear of them.
      const place = event.timeStamp < goUntil && destinations.find((each) => each.key === event.key);
      goUntil = 0;
      if (place) {
        event.preventDefault();
        event.stopImmediatePropagation();
        void navigate({ to: place.to });
      } else if (event.key === 'g') goUntil = event.timeStamp + sequenceMs;
      else if (event.key === '?') open('shortcuts');
      else if (event.key === '[') setPreferences({ navFolded: !navFolded });
      else if (event.key === 't') setPreferences({ theme: nextTheme(theme) });
      else if (event.key === 'z') toggleZone(zone);
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, [navigate, open]);
}
