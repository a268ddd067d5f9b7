/**
 * The items of many sequences in the order they come, at most `concurrency` sequences at a time and one item
 * held of each. The next item of a sequence is asked for only when the consumer has taken the one before.
 * `cancel` is called when the consumer leaves or a sequence fails.
 */
export async function* mergeConcurrently<T>(
  sequences: AsyncGenerator<AsyncGenerator<T>>,
  concurrency: number,
  cancel: () => void,
): AsyncGenerator<T> {
  type Step = { readonly from: AsyncGenerator<T>; readonly result: IteratorResult<T> };
  const running = new Map<AsyncGenerator<T>, Promise<Step>>();
  const advance = (from: AsyncGenerator<T>) => {
    const step = from.next().then((result): Step => ({ from, result }));
    step.catch(() => undefined);
    running.set(from, step);
  };
  let exhausted = false;
  try {
    for (;;) {
      while (!exhausted && running.size < concurrency) {
        const { done, value } = await sequences.next();
        if (done === true) exhausted = true;
        else advance(value);
      }
      if (running.size === 0) return;
      const { from, result } = await Promise.race(running.values());
      if (result.done === true) {
        running.delete(from);
      } else {
        yield result.value;
        advance(from);
      }
    }
  } finally {
    cancel();
    await Promise.allSettled([...running.keys(), sequences].map((sequence) => sequence.return(undefined)));
  }
}
