import { describe, expect, it } from '@jest/globals';
import { shareCalls } from '../../lib/engine/share-calls';

/** A call that ends when told to, and how often it was made. */
function controlled() {
  const calls: PromiseWithResolvers<void>[] = [];
  const shared = shareCalls(() => {
    const call = Promise.withResolvers<void>();
    calls.push(call);
    return call.promise;
  });
  return { calls, shared };
}

describe('shared calls', () => {
  it('make one call of all that are asked for while another is under way', async () => {
    const { calls, shared } = controlled();
    const first = shared();
    const others = [shared(), shared(), shared()];
    expect(calls).toHaveLength(1);

    calls[0]?.resolve();
    await first;
    await Promise.resolve();
    expect(calls).toHaveLength(2);
    calls[1]?.resolve();

    await Promise.all(others);
    expect(calls).toHaveLength(2);
  });

  it('never answer with a call that began before it was asked for', async () => {
    const { calls, shared } = controlled();
    const first = shared();
    let isDone = false;
    const second = shared().then(() => {
      isDone = true;
    });

    calls[0]?.resolve();
    await first;
    await new Promise((resolve) => setImmediate(resolve));

    expect(isDone).toBe(false);
    calls[1]?.resolve();
    await second;
  });

  it('tell a failure only those who shared it, and go on', async () => {
    const { calls, shared } = controlled();
    const first = shared();
    const second = shared();
    calls[0]?.reject(new Error('down'));

    await expect(first).rejects.toThrow('down');
    await new Promise((resolve) => setImmediate(resolve));
    calls[1]?.resolve();

    await expect(second).resolves.toBeUndefined();
    expect(shared()).toBeInstanceOf(Promise);
    expect(calls).toHaveLength(3);
  });
});
