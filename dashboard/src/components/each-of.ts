/** Requests under way at once. */
const atOnce = 4;

export interface EachResult {
  /** How many it was done to. */
  readonly done: number;
  /** Why it was not done to the others, each behind its name. */
  readonly refused: readonly string[];
}

/** Does something to each item, a few at a time; one that fails keeps no other from it. */
export async function eachOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  act: (item: Item) => Promise<unknown>,
): Promise<EachResult> {
  const waiting = items.values();
  const refused: string[] = [];
  const work = async () => {
    for (const item of waiting) {
      try {
        await act(item);
      } catch (error) {
        refused.push(`${nameOf(item)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return { done: items.length - refused.length, refused };
}
