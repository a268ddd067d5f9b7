import type { ResourceManifest } from '../../../model/manifest';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { ConfigTypeField, configField } from '../config-types';
import { type JobValue, solidsOf } from './graph';

export const Resource = builder.objectRef<ResourceManifest>('Resource');
Resource.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    configField: t.field({
      type: ConfigTypeField,
      nullable: true,
      resolve: ({ configSchema }) => (configSchema === null ? null : configField('config', configSchema)),
    }),
  }),
});
const Logger = builder.objectRef<{ readonly name: string }>('Logger');
Logger.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.string({ nullable: true, resolve: () => null }),
    configField: t.field({ type: ConfigTypeField, nullable: true, resolve: () => null }),
  }),
});

/** What a job runs with: Dagster's one mode. */
export const Mode = builder.objectRef<JobValue>('Mode');
Mode.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ location, job }) => `${location}:${job.name}:default` }),
    name: t.string({ resolve: () => 'default' }),
    description: t.string({ nullable: true, resolve: () => null }),
    resources: t.field({ type: [Resource], resolve: (job, _args, context) => resourcesOf(job, context) }),
    loggers: t.field({
      type: [Logger],
      description: 'None: what code logs goes into the events of the run.',
      resolve: () => [],
    }),
  }),
});

/** Resources that the ops of a job need, with their IO managers. */
export function resourcesOf(job: JobValue, context: ApiContext): ResourceManifest[] {
  const needed = new Set(
    solidsOf(job, context).flatMap(({ op }) => [
      ...op.resources,
      ...op.outputs.map(({ ioManager }) => ioManager),
    ]),
  );
  const all = context.workspace.location(job.location)?.manifest?.resources ?? [];
  return all.filter(({ name }) => needed.has(name));
}
