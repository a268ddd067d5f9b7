import { z } from 'zod';
import { registerCodeLocation } from '../../../engine/register-code-location';
import type { Manifest } from '../../../model/manifest';
import { differenceOfManifests } from '../../../model/manifest-difference';
import {
  bundleObject,
  CODE_LOCATION_NAMESPACE,
  type PushedCodeLocation,
} from '../../../model/pushed-code-location';
import { errorSummary } from '../../../model/serializable-error';
import type { Instance } from '../../../ports/instance';
import { operation, param } from '../operation';
import { ProblemError } from '../problem';
import type { RestContext } from '../rest-context';
import { named } from '../schemas';

const version = z.string().min(1).max(64);

const differenceQuerySchema = z.strictObject({
  from: version.optional().describe('Default: the version before `to`.'),
  to: version.optional().describe('Default: the version in force.'),
});

export const codeLocationDifferenceSchema = z
  .object({
    location: z.string(),
    from: z.string().nullable().describe('Null = there was nothing before.'),
    to: z.string(),
    changes: z
      .array(
        z.object({
          kind: z.string().describe('`asset`, `job`, `schedule`, ...'),
          name: z.string(),
          change: z.enum(['added', 'removed', 'changed']),
          fields: z
            .array(z.object({ field: z.string(), text: z.string() }))
            .describe('What changed in it, in words.'),
        }),
      )
      .describe('By kind, then name. Empty: code changed at most, definitions did not.'),
  })
  .register(named, { id: 'CodeLocationDifference' });

/** `GET /api/code-locations/{name}/difference` */
export const getCodeLocationDifference = operation({
  summary: 'The definitions that differ between two pushed versions of a code location.',
  query: differenceQuerySchema,
  answers: { 200: codeLocationDifferenceSchema },
  async handle(input, context) {
    const pushed = await requirePushed(context, param(input, 'name'));
    const { query } = input;
    const to = query.to === undefined ? pushed.bundleHash : requireVersion(pushed, query.to);
    if (to === null) throw notFound(`Code location '${pushed.name}' has no version in force yet.`);
    const from = query.from === undefined ? versionBefore(pushed, to) : requireVersion(pushed, query.from);
    const { instance, now } = context;
    const [before, after] = await Promise.all([
      from === null ? null : readManifest(instance, from),
      readManifest(instance, to),
    ]);
    const { changes } = differenceOfManifests(before, after, { now });
    return {
      status: 200,
      body: {
        location: pushed.name,
        from,
        to,
        changes: changes.map(({ kind, name, change, fields }) => ({
          kind,
          name,
          change,
          fields: fields.map(({ field, text }) => ({ field, text })),
        })),
      },
    };
  },
});

export const rollbackBodySchema = z
  .strictObject({ version: version.describe('The bundle hash of one of its versions.') })
  .register(named, { id: 'Rollback' });

export const rolledBackSchema = z
  .object({
    location: z.string(),
    bundleHash: z.string().describe('The version in force now.'),
    previous: z.string().nullable().describe('The one before.'),
  })
  .register(named, { id: 'RolledBack' });

/** `POST /api/code-locations/{name}/rollback` */
export const rollBackCodeLocation = operation({
  summary: 'Put an earlier version of a code location in force again.',
  description: 'Runs in progress keep their code. A version that does not load changes nothing.',
  body: rollbackBodySchema,
  answers: { 200: rolledBackSchema },
  async handle(input, context) {
    const pushed = await requirePushed(context, param(input, 'name'));
    const { instance, options, identity } = context;
    const reply = await registerCodeLocation(instance, options.engine, {
      location: pushed.name,
      rollbackTo: requireVersion(pushed, input.body.version),
      by: identity.user,
    });
    if (!reply.ok) {
      throw new ProblemError(409, {
        title: 'Conflict',
        detail: `${pushed.name} was not rolled back: ${errorSummary(reply.error)}`,
        remedy: `The version in force stays. GET /api/code-locations lists the others.`,
      });
    }
    const { location, bundleHash, previous } = reply;
    return { status: 200, body: { location, bundleHash, previous } };
  },
});

type Pushed = PushedCodeLocation & { readonly name: string };

async function requirePushed({ instance, workspace }: RestContext, name: string): Promise<Pushed> {
  if (workspace.location(name) === undefined) {
    const names = workspace.locations.map((location) => location.name);
    throw notFound(`There is no code location '${name}'; there are ${names.join(', ') || 'none'}.`);
  }
  const stored = (await instance.storage.getValue(CODE_LOCATION_NAMESPACE, name)) as
    | PushedCodeLocation
    | undefined;
  if (stored === undefined || stored.versions.length === 0)
    throw notFound(`Code location '${name}' has no versions: its code was not pushed.`);
  return { ...stored, name };
}

function requireVersion({ name, versions }: Pushed, hash: string): string {
  if (versions.some(({ bundleHash }) => bundleHash === hash)) return hash;
  throw notFound(`Code location '${name}' has no version '${hash}'.`);
}

/** The newest version that was pushed before the one that is in force came; of an older one, the one before it. */
function versionBefore({ versions }: Pushed, hash: string): string | null {
  const index = versions.findIndex(({ bundleHash }) => bundleHash === hash);
  return versions.slice(index + 1).find(({ bundleHash }) => bundleHash !== hash)?.bundleHash ?? null;
}

async function readManifest({ objectStore }: Instance, hash: string): Promise<Manifest> {
  const body = await objectStore.get(bundleObject.manifest(hash));
  if (body === undefined) throw notFound(`The manifest of version '${hash}' is not stored any more.`);
  return JSON.parse(new TextDecoder().decode(body)) as Manifest;
}

const notFound = (detail: string): ProblemError =>
  new ProblemError(404, {
    title: 'Not found',
    detail,
    remedy: 'GET /api/code-locations lists locations and their versions.',
  });
