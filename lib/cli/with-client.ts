import type { HeadraceClient } from '../client';
import { createCliClient } from './cli-client';
import { HomeInUseError } from './local-server/claim-home';
import { readServerFile } from './local-server/server-file';
import { type LocalServer, startLocalServer } from './local-server/start-local-server';
import type { Output } from './output';
import type { Project } from './project';

/**
 * Gives a command a client of the deployment: the one that HEADRACE_URL names, else the `headrace dev` that runs in
 * this project, else a server that is started for this command alone (schedules off) and stopped after it.
 */
export async function withClient<T>(
  project: Project,
  output: Output,
  use: (client: HeadraceClient) => Promise<T>,
): Promise<T> {
  const { HEADRACE_URL, HEADRACE_TOKEN } = project.environment;
  const running = HEADRACE_URL === undefined ? readServerFile(project.home) : undefined;
  const url = HEADRACE_URL ?? running?.url;
  if (url !== undefined) return use(createCliClient({ url, token: running?.token ?? HEADRACE_TOKEN }));
  const server = await startOrFind(project, output);
  try {
    return await use(createCliClient({ url: server.url, token: server.token, pollMs: 100 }));
  } finally {
    await server.close();
  }
}

/** A server for one command, or one that another command has started meanwhile, which that one stops. */
async function startOrFind(
  project: Project,
  output: Output,
): Promise<Pick<LocalServer, 'url' | 'token' | 'close'>> {
  try {
    return await startLocalServer({
      project,
      host: '127.0.0.1',
      port: 0,
      schedules: false,
      services: true,
      watch: false,
      databaseUrl: project.environment.DATABASE_URL,
      onProgress: (line) => output.note(`· ${line}`),
      onLog: output.note,
    });
  } catch (error) {
    if (error instanceof HomeInUseError) return { ...error.server, close: async () => {} };
    throw error;
  }
}
