import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT } from '../errors';
import { removeServerFile, type ServerInfo, takeHome } from './server-file';
import { signInLink } from './server-token';

/** Milliseconds between two looks at who has the home. */
const PAUSE = 200;

/** The home is that of a server that answers. */
export class HomeInUseError extends CliError {
  readonly server: ServerInfo;

  constructor(server: ServerInfo) {
    const { url, pid, token } = server;
    super(`Headrace is already running in this project, at ${url} (process ${pid}).`, {
      exitCode: EXIT.system,
      remedy: `Use that one, ${signInLink(url, token)}, or stop it with Ctrl-C where it was started.`,
    });
    this.server = server;
  }
}

/**
 * Takes the home for this process: two servers would stop each other's database and execute each other's runs. Waits
 * for a process that is only starting or stopping there.
 *
 * @returns how to give it back
 * @throws {HomeInUseError}
 */
export async function claimHome(home: string, onProgress: (line: string) => void): Promise<() => void> {
  let waitedFor: number | undefined;
  for (;;) {
    const other = takeHome(home);
    if (other === undefined) return () => removeServerFile(home, process.pid);
    const { url, pid, token = '' } = other;
    if (url !== undefined) throw new HomeInUseError({ url, pid, token });
    if (pid !== waitedFor)
      onProgress(`waiting for process ${pid}, which starts or stops Headrace in ${home}`);
    waitedFor = pid;
    await sleep(PAUSE);
  }
}
