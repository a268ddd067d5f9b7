/** Loads many keys with one call: all `load`s of one turn of the event loop are asked for together. */
export interface BatchLoader<K, V> {
  load(key: K): Promise<V>;
}

/**
 * @param fetch gets distinct keys in the order of asking; answers in the same order
 * @example const runs = batchLoader((ids) => storage.getRuns(ids)); await Promise.all(ids.map(runs.load));
 */
export function batchLoader<K, V>(
  fetch: (keys: readonly K[]) => Promise<readonly V[]>,
  identify: (key: K) => unknown = (key) => key,
): BatchLoader<K, V> {
  const cache = new Map<unknown, Promise<V>>();
  let waiting: { readonly key: K; readonly settle: (value: Promise<V>) => void }[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    const answer = fetch(batch.map(({ key }) => key));
    batch.forEach(({ settle }, i) => {
      settle(answer.then((values) => values[i] as V));
    });
  };
  return {
    load(key) {
      const id = identify(key);
      const known = cache.get(id);
      if (known !== undefined) return known;
      const loading = new Promise<V>((settle) => {
        // After the promise jobs of this turn: resolvers of one level ask in the same turn.
        if (waiting.length === 0) setTimeout(flush, 0);
        waiting.push({ key, settle });
      });
      cache.set(id, loading);
      return loading;
    },
  };
}

/** Loads many keys with one call for each set of arguments: what is asked alike is asked together. */
export interface ArgumentsLoader<K, A, V> {
  load(key: K, args: A): Promise<V>;
}

/**
 * @param fetch gets distinct keys that were asked with the same arguments; answers in their order
 * @example argumentsLoader((ids, { limit }: { limit: number }) => storage.runsOf(ids, limit)).load(id, { limit: 5 })
 */
export function argumentsLoader<K, A, V>(
  fetch: (keys: readonly K[], args: A) => Promise<readonly V[]>,
  identify: (key: K) => unknown = (key) => key,
): ArgumentsLoader<K, A, V> {
  const loaders = new Map<string, BatchLoader<K, V>>();
  return {
    load(key, args) {
      const id = JSON.stringify(args);
      const loader = loaders.get(id) ?? batchLoader((keys: readonly K[]) => fetch(keys, args), identify);
      loaders.set(id, loader);
      return loader.load(key);
    },
  };
}
