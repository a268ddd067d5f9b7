import { z } from 'zod';
import { API_VERSION } from '../../../model/manifest';
import { CODE_LOCATION_NAMESPACE, type PushedCodeLocation } from '../../../model/pushed-code-location';
import { operation } from '../operation';
import { named } from '../schemas';

export const codeLocationSchema = z
  .object({
    name: z.string(),
    bundleHash: z.string().nullable().describe('The version in force; null = it has no code yet.'),
    error: z.string().nullable().describe('Why the newest code does not load.'),
    updatedAt: z.int().describe('Epoch milliseconds.'),
    versions: z
      .array(z.object({ bundleHash: z.string(), pushedAt: z.int(), by: z.string().nullable() }))
      .describe('Pushed versions, newest first; empty where code is read from files.'),
  })
  .register(named, { id: 'CodeLocation' });

const codeLocationsSchema = z
  .object({
    apiVersion: z.int().describe('Version of the interface between host and code that is understood.'),
    locations: z.array(codeLocationSchema),
  })
  .register(named, { id: 'CodeLocations' });

/** `GET /api/code-locations` */
export const listCodeLocations = operation({
  summary: 'The code locations, with the version in force and those before.',
  answers: {
    200: codeLocationsSchema,
  },
  async handle(_input, { instance, workspace }) {
    const stored = new Map(
      (await instance.storage.listValues(CODE_LOCATION_NAMESPACE)).map(({ key, value }) => [
        key,
        value as PushedCodeLocation,
      ]),
    );
    const locations = workspace.locations.map(({ name, bundleHash, error, updatedAt }) => ({
      name,
      bundleHash,
      error: error?.message ?? null,
      updatedAt,
      versions: stored.get(name)?.versions ?? [],
    }));
    return { status: 200, body: { apiVersion: API_VERSION, locations } };
  },
});
