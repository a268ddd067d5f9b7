import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type UrlState = Readonly<Record<string, string | undefined>>;

/**
 * The search part of the address as state: reload and Back restore it. A patch with `undefined` drops the key.
 * `push` adds a step to the history; without it the current one changes.
 */
export function useUrlState(): [UrlState, (patch: UrlState, options?: { push?: boolean }) => void] {
  const search: UrlState = useSearch({ strict: false });
  const navigate = useNavigate();
  const patch = useCallback(
    (change: UrlState, options: { push?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (old: UrlState) => ({ ...old, ...change }),
        replace: !options.push,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, patch];
}
