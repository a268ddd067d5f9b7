import { useState } from 'react';

export interface Draft {
  readonly config: string;
  readonly tags: string;
  readonly partitions: string;
  /** Of the second dimension. */
  readonly second: string;
  readonly selection: string;
}

/** What somebody began is kept in the tab until it is launched or reset. */
export function useDraft(name: string, fallback: Draft) {
  const key = `launch:${name}`;
  const [draft, setDraft] = useState<Draft>(() => {
    try {
      return { ...fallback, ...(JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Draft>) };
    } catch {
      return fallback;
    }
  });
  const patch = (change: Partial<Draft>) =>
    setDraft((old) => {
      const next = { ...old, ...change };
      sessionStorage.setItem(key, JSON.stringify(next));
      return next;
    });
  const forget = () => sessionStorage.removeItem(key);
  return [draft, patch, forget] as const;
}
