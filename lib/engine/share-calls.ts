/**
 * One call for many: while one is under way, all who ask share the next. Each gets a call that began after it asked.
 *
 * @example const deliver = shareCalls(() => afterCommit(instance, settings));
 */
export function shareCalls(call: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    next = null;
    const begun = call().finally(() => {
      if (current === begun) current = null;
    });
    current = begun;
    return begun;
  };
  return () => {
    if (current === null) return begin();
    next ??= current.then(begin, begin);
    return next;
  };
}
