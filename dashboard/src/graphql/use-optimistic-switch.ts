import { useCallback, useState } from 'react';

export interface OptimisticSwitch {
  /** What the switch shows: the wanted value while saving, the server's otherwise. */
  readonly shown: (id: string, server: boolean) => boolean;
  readonly saving: (id: string) => boolean;
  readonly toggle: (id: string, wanted: boolean) => void;
}

/** Shows the wanted value at once; a refused change goes back and `onRefused` tells why. */
export function useOptimisticSwitch(
  save: (id: string, wanted: boolean) => Promise<void>,
  onRefused: (id: string, wanted: boolean, error: Error) => void,
): OptimisticSwitch {
  const [wanted, setWanted] = useState<ReadonlyMap<string, boolean>>(new Map());
  const toggle = useCallback(
    (id: string, value: boolean) => {
      setWanted((current) => new Map(current).set(id, value));
      save(id, value)
        .catch((error: unknown) =>
          onRefused(id, value, error instanceof Error ? error : new Error(String(error))),
        )
        .finally(() =>
          setWanted((current) => {
            const next = new Map(current);
            next.delete(id);
            return next;
          }),
        );
    },
    [save, onRefused],
  );
  return {
    shown: (id, server) => wanted.get(id) ?? server,
    saving: (id) => wanted.has(id),
    toggle,
  };
}
