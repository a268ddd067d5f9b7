import { z } from 'zod';
import { positiveSeconds } from './values';

/** What a laptop does beside what AWS does. */
export interface DevelopmentSettings {
  /** Seconds. */
  readonly codeServers: { readonly localStartupTimeout: number; readonly reloadTimeout: number };
  readonly dev: {
    /** What `npm start` launches, stage after stage; jobs of one stage run side by side. */
    readonly mainJob: readonly (readonly JobReference[])[];
    /** Stand-ins for outside services, started beside `npm start`. */
    readonly services: readonly DevelopmentServiceSettings[];
  };
}

/** A program that plays an outside service in development; started unless the user set its variables. */
export interface DevelopmentServiceSettings {
  readonly name: string;
  /** Program and arguments; `{home}`, `{node}` and `{python}` are filled in. */
  readonly command: readonly string[];
  /** Variables that point code at the service; `{port}` and `{home}` are filled in. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface JobReference {
  readonly location: string;
  readonly job: string;
}

const jobReference = z.strictObject({ location: z.string().min(1), job: z.string().min(1) });

export const developmentSchema = {
  code_servers: z
    .strictObject({ local_startup_timeout: positiveSeconds(180), reload_timeout: positiveSeconds(180) })
    .prefault({}),
  dev: z
    .strictObject({
      main_job: z.array(z.union([jobReference, z.array(jobReference).min(1)])).default([]),
      services: z
        .record(
          z.string(),
          z.strictObject({
            command: z.array(z.string()).min(1),
            environment: z.record(z.string(), z.string()).default({}),
          }),
        )
        .default({}),
    })
    .prefault({}),
};

export function toDevelopmentSettings({
  code_servers: codeServers,
  dev,
}: z.output<z.ZodObject<typeof developmentSchema>>): DevelopmentSettings {
  return {
    codeServers: {
      localStartupTimeout: codeServers.local_startup_timeout,
      reloadTimeout: codeServers.reload_timeout,
    },
    dev: {
      mainJob: dev.main_job.map((stage) => (Array.isArray(stage) ? stage : [stage])),
      services: Object.entries(dev.services).map(([name, service]) => ({ name, ...service })),
    },
  };
}
