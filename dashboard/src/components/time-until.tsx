import { Time } from './time';
import { useNow } from './use-now';

/** `in 24 min` until an expected instant (epoch ms); once it has passed "due": what was expected is on its way. */
export function TimeUntil({ at }: { readonly at: number }) {
  const now = useNow();
  return at > now ? <Time at={at} relative /> : 'due';
}
