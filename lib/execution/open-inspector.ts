import { open, url } from 'node:inspector';

/** Ports tried one after another: each process with user code needs one of its own. */
const PORTS = 50;

/**
 * Opens this process's inspector, on the loopback address only, so that a debugger can set breakpoints in user code.
 *
 * @param firstPort the first port to try; 0 = any free one
 * @returns the address for debuggers; undefined when all of the ports are taken
 * @example openInspector(9229); // ws://127.0.0.1:9229/5c7d…
 */
export function openInspector(firstPort: number): string | undefined {
  for (let port = firstPort; port < firstPort + PORTS && url() === undefined; port++) open(port, '127.0.0.1');
  return url();
}
