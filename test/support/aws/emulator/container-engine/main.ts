/**
 * The part of the Docker Engine API (https://docs.docker.com/reference/api/engine/) that the emulator's ECS uses,
 * over local processes. Prints its port as JSON when it listens. Ends every container and itself when standard
 * input closes, so that nothing outlives the process that started it.
 *
 * Arguments: the folder for the containers' logs, the JSON file of the images, the environment of containers (JSON).
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findImage } from './container-image';
import { type ContainerConfig, LocalContainer } from './local-container';

const [logDirectory = '', imagesFile = '', environment = '{}'] = process.argv.slice(2);
const containerEnvironment = JSON.parse(environment) as Record<string, string>;
const containers = new Map<string, LocalContainer>();
/** Docker's default between SIGTERM and SIGKILL. */
const GRACE_SECONDS = 10;

type Answer = readonly [status: number, body?: unknown];

const server = createServer((request, response) => {
  answer(request, response).then(
    (result) => result && send(response, ...result),
    (error: unknown) => send(response, 500, { message: String(error) }),
  );
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
  const url = new URL(request.url ?? '/', 'http://engine');
  const path = decodeURIComponent(url.pathname).replace(/^\/v[\d.]+/, '');
  const [kind, id = '', verb = ''] = path.split('/').slice(1);
  if (path === '/_ping') return [200, 'OK'];
  if (path === '/version') return [200, { Version: '28.0.0', ApiVersion: '1.44', MinAPIVersion: '1.24' }];
  if (path === '/containers/create') return create(url, await bodyOf(request));
  if (path === '/containers/json') return [200, list(url)];
  if (kind === 'images') return image(path, url);
  if (kind !== 'containers') return [501, { message: `not implemented: ${request.method} ${path}` }];
  const container = find(id);
  if (container === undefined) return [404, { message: `No such container: ${id}` }];
  return operate(container, `${request.method} ${verb}`, url, response);
}

async function create(url: URL, body: string): Promise<Answer> {
  const config = JSON.parse(body) as ContainerConfig;
  if ((await findImage(imagesFile, config.Image)) === undefined) return noImage(config.Image);
  const container = new LocalContainer({
    id: randomBytes(32).toString('hex'),
    name: url.searchParams.get('name') ?? randomBytes(6).toString('hex'),
    config,
    logFile: join(logDirectory, `${url.searchParams.get('name') ?? 'container'}.log`),
  });
  containers.set(container.id, container);
  return [201, { Id: container.id, Warnings: [] }];
}

async function operate(
  container: LocalContainer,
  operation: string,
  url: URL,
  response: ServerResponse,
): Promise<Answer | undefined> {
  switch (operation) {
    case 'GET json':
      return [200, container.inspect()];
    case 'POST start': {
      const found = await findImage(imagesFile, container.config.Image);
      if (found === undefined) return noImage(container.config.Image);
      container.start(found, containerEnvironment);
      return [204];
    }
    case 'POST stop':
      await container.stop(Number(url.searchParams.get('t') ?? GRACE_SECONDS) * 1000);
      return [204];
    case 'POST kill':
      await container.stop(0);
      return [204];
    case 'POST wait':
      return [200, { StatusCode: await container.wait() }];
    case 'GET logs':
      response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
      container.streamLogs(response, /^(1|true)$/i.test(url.searchParams.get('follow') ?? ''));
      return undefined;
    case 'DELETE ':
      await container.stop(0);
      containers.delete(container.id);
      return [204];
    default:
      return [501, { message: `not implemented: ${operation}` }];
  }
}

function list(url: URL): object[] {
  const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
  return [...containers.values()]
    .filter((container) => container.isRunning || url.searchParams.get('all') === '1')
    .filter((container) => (filters.label ?? []).every((label) => hasLabel(container, label)))
    .map((container) => container.summary());
}

/** @param label `key` or `key=value` */
function hasLabel(container: LocalContainer, label: string): boolean {
  const at = label.indexOf('=');
  const value = container.config.Labels?.[at < 0 ? label : label.slice(0, at)];
  return value !== undefined && (at < 0 || value === label.slice(at + 1));
}

async function image(path: string, url: URL): Promise<Answer> {
  const pulled = `${url.searchParams.get('fromImage')}:${url.searchParams.get('tag') ?? 'latest'}`;
  const name = path === '/images/create' ? pulled : path.replace(/^\/images\//, '').replace(/\/json$/, '');
  if ((await findImage(imagesFile, name)) === undefined) return noImage(name);
  return [200, { Id: name, RepoTags: [name], Architecture: 'amd64', Os: 'linux', Config: {} }];
}

const noImage = (name: string): Answer => [404, { message: `No such image: ${name}` }];

const find = (name: string) =>
  containers.get(name) ??
  [...containers.values()].find((one) => one.name === name || one.id.startsWith(name));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
}

async function shutDown(): Promise<never> {
  await Promise.all([...containers.values()].map((container) => container.stop(0)));
  process.exit(0);
}

process.stdin.on('end', shutDown).on('error', shutDown).resume();
process.on('SIGTERM', shutDown);
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
