/** A script that the debugged process has loaded. */
export interface Script {
  readonly url: string;
  readonly sourceMapURL: string;
}

/** Where the debugged process stands. */
export interface Pause {
  readonly hitBreakpoints: readonly string[];
  readonly callFrames: readonly { readonly callFrameId: string }[];
}

/** A debugger: what an editor does, over the Chrome DevTools Protocol. */
export interface Debugger {
  call<T>(method: string, params: object): Promise<T>;
  untilScript(url: RegExp): Promise<Script>;
  untilPaused(): Promise<Pause>;
  close(): void;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Attaches to the inspector of a process. */
export async function connectDebugger(address: string): Promise<Debugger> {
  const socket = new WebSocket(address);
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  const events: { readonly method: string; readonly params: unknown }[] = [];
  let wake = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(String(data)) as Reply;
    if (method !== undefined) {
      events.push({ method, params });
      wake.resolve();
      wake = Promise.withResolvers();
    }
    const call = calls.get(id ?? 0);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`Nothing answers at ${address}.`)));
  });

  function call<T>(method: string, params: object): Promise<T> {
    const id = calls.size + 1;
    const reply = Promise.withResolvers<unknown>();
    calls.set(id, reply);
    socket.send(JSON.stringify({ id, method, params }));
    return reply.promise as Promise<T>;
  }

  async function untilEvent<T>(name: string, isWanted: (params: T) => boolean): Promise<T> {
    for (;;) {
      const found = events.find(({ method, params }) => method === name && isWanted(params as T));
      if (found !== undefined) return found.params as T;
      await wake.promise;
    }
  }

  await call('Debugger.enable', {});
  return {
    call,
    untilScript: (url) => untilEvent<Script>('Debugger.scriptParsed', (script) => url.test(script.url)),
    untilPaused: () => untilEvent<Pause>('Debugger.paused', () => true),
    close: () => socket.close(),
  };
}
