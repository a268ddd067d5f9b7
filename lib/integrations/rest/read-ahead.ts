/**
 * The same items, with the next one already being fetched while the consumer works on the last: never more
 * than one ahead, and none before the first is asked for. `cancel` is called when the consumer leaves, so that
 * what is being fetched ends at once.
 */
export async function* readAhead<T>(items: AsyncGenerator<T>, cancel: () => void): AsyncGenerator<T> {
  try {
    let next = items.next();
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = items.next();
      // The error is thrown when the consumer gets there; until then it is not unhandled.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    cancel();
    await items.return(undefined);
  }
}
