import { z } from 'zod';
import {
  API_TOKEN_NAMESPACE,
  createApiToken as create,
  type StoredApiToken,
} from '../../authorizer/api-token';
import { ROLES } from '../../identity';
import { operation, param } from '../operation';
import { ProblemError } from '../problem';
import { named } from '../schemas';

const DAY_MS = 86_400_000;
const epochMs = z.int().describe('Epoch milliseconds.');

export const newApiTokenSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('Whom runs are said to be launched by, e.g. `ci`.'),
    role: z.enum(ROLES).default('launcher'),
    locations: z
      .array(z.string().min(1))
      .min(1)
      .max(100)
      .optional()
      .describe('Its role counts in these code locations only; default: everywhere.'),
    expiresInDays: z.number().positive().max(366).default(90),
  })
  .register(named, { id: 'NewApiToken' });

export const apiTokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    locations: z.array(z.string()).nullable(),
    createdAt: epochMs,
    createdBy: z.string(),
    expiresAt: epochMs,
    lastUsedAt: epochMs.nullable().describe('To the hour; null = never.'),
  })
  .register(named, { id: 'ApiToken' });

export const createdApiTokenSchema = apiTokenSchema
  .extend({ token: z.string().describe('Shown this once: only its hash is kept.') })
  .register(named, { id: 'CreatedApiToken' });

const listSchema = z.object({ tokens: z.array(apiTokenSchema) }).register(named, { id: 'ApiTokens' });

const viewOf = (id: string, { hash: _, ...token }: StoredApiToken): z.output<typeof apiTokenSchema> => ({
  id,
  ...token,
  locations: token.locations === null ? null : [...token.locations],
  lastUsedAt: token.lastUsedAt ?? null,
});

/** `POST /api/tokens` */
export const createApiToken = operation({
  summary: 'Make a token for a program, e.g. for CI.',
  description: 'It is sent as `Authorization: Bearer`.',
  body: newApiTokenSchema,
  answers: { 201: createdApiTokenSchema },
  async handle({ body }, { instance, identity, now }) {
    const token = {
      name: body.name,
      role: body.role,
      locations: body.locations ?? null,
      createdAt: now,
      createdBy: identity.user,
      expiresAt: now + Math.round(body.expiresInDays * DAY_MS),
    };
    const created = await create(instance.storage, token, instance.ids);
    return { status: 201, body: { ...token, ...created, lastUsedAt: null } };
  },
});

/** `GET /api/tokens` */
export const listApiTokens = operation({
  summary: 'List the tokens that were made and not revoked, expired ones too.',
  answers: { 200: listSchema },
  async handle(_, { instance }) {
    const stored = await instance.storage.listValues(API_TOKEN_NAMESPACE);
    return {
      status: 200,
      body: { tokens: stored.map(({ key, value }) => viewOf(key, value as StoredApiToken)) },
    };
  },
});

/** `POST /api/tokens/{id}/revoke` */
export const revokeApiToken = operation({
  summary: 'Revoke a token.',
  description: 'API Gateway remembers for up to a minute whom it has let in.',
  answers: { 200: apiTokenSchema },
  async handle(input, { instance }) {
    const id = param(input, 'id');
    const stored = (await instance.storage.getValue(API_TOKEN_NAMESPACE, id)) as StoredApiToken | undefined;
    if (stored === undefined) {
      throw new ProblemError(404, {
        title: 'Not found',
        detail: `There is no token '${id}'.`,
        remedy: 'GET /api/tokens lists the ids of all.',
      });
    }
    await instance.storage.deleteValue(API_TOKEN_NAMESPACE, id);
    return { status: 200, body: viewOf(id, stored) };
  },
});
