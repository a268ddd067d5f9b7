import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/** Reads once more when a run ends: its last events may have come after the last poll. */
export function useLastRead(queryKey: QueryKey, live: boolean): void {
  const client = useQueryClient();
  const wasLive = useRef(live);
  useEffect(() => {
    if (wasLive.current && !live) void client.invalidateQueries({ queryKey });
    wasLive.current = live;
  }, [client, live, queryKey]);
}
