import { parseArgs } from 'node:util';
import type { FaultRule } from './faults';
import { startSampleApis } from './server';

const USAGE = `sample-apis: stand-ins for outside services, for development only

  --port <n>            default 4010; 0 = any free port
  --github-token <t>    refuse other tokens with 401
  --shift-to <date>     move earthquakes by whole days so that the newest falls on this UTC day
  --stop-with-parent    end when standard input closes
  --flaky <n>           every n-th request to each service answers 503, every 3n-th 429 with Retry-After: 1
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    'github-token': { type: 'string' },
    'shift-to': { type: 'string' },
    flaky: { type: 'string' },
    'stop-with-parent': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help === true) {
  process.stdout.write(USAGE);
} else {
  const token = values['github-token'];
  const shiftTo = values['shift-to'];
  const api = await startSampleApis({
    port: Number(values.port),
    ...(token === undefined ? {} : { github: { token } }),
    ...(shiftTo === undefined ? {} : { usgs: { shiftTo } }),
    faults: values.flaky === undefined ? [] : flaky(Number(values.flaky)),
  });
  process.stdout.write(`sample APIs (stand-ins for development) listening on ${new URL(api.url).port}\n`);
  const stop = (): void => {
    void api.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  // Started by a program that keeps the pipe open: when that program is gone, so is the reason to run.
  if (values['stop-with-parent'] === true) process.stdin.once('end', stop).resume();
}

function flaky(every: number): FaultRule[] {
  return ['/fdsnws', '/repos', '/flights', '/airports'].flatMap((path): FaultRule[] => [
    { kind: 'status', status: 503, path, every },
    { kind: 'status', status: 429, retryAfter: 1, path, every: 3 * every },
  ]);
}
