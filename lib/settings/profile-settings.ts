import { z } from 'zod';

/** A deployment that the CLI can talk to: one entry of a profiles file. */
export interface ProfileSettings {
  /** Address of its API. */
  readonly url: string;
  /** `iam`: requests are signed as whoever is signed in to AWS. */
  readonly auth: 'token' | 'iam';
  /** Environment variable with its token; null = HEADRACE_TOKEN, if that is set. */
  readonly tokenEnv: string | null;
  /** Where it is deployed; null in all of these = not on AWS, or not known. */
  readonly region: string | null;
  /** Its CloudFormation stack. */
  readonly stack: string | null;
  readonly bundlesBucket: string | null;
  readonly registerFunction: string | null;
  /** URL of the queue of events that failed for good. */
  readonly deadLettersQueue: string | null;
}

const text = z.string().min(1).optional();

const profile = z.strictObject({
  url: z.url({
    protocol: /^https?$/,
    error: 'must be an address such as https://abc.execute-api.eu-central-1.amazonaws.com',
  }),
  auth: z.enum(['token', 'iam']).optional(),
  token_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, never a token')
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'must be a region of AWS such as eu-central-1')
    .optional(),
  stack: text,
  bundles_bucket: text,
  register_function: text,
  dead_letters_queue: z.url().optional(),
});

/** The shape of `headrace.profiles.yaml` and of the user's `profiles.yaml`. */
export const profilesSchema = z.strictObject({
  profiles: z
    .record(z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be made of letters, digits, - and _'), profile)
    .default({}),
});

/** An entry as it is written in the file. */
export type WrittenProfile = z.input<typeof profile>;

export function toProfiles({
  profiles,
}: z.output<typeof profilesSchema>): ReadonlyMap<string, ProfileSettings> {
  return new Map(
    Object.entries(profiles).map(([name, written]) => [
      name,
      {
        url: written.url,
        auth: written.auth ?? 'token',
        tokenEnv: written.token_env ?? null,
        region: written.region ?? null,
        stack: written.stack ?? null,
        bundlesBucket: written.bundles_bucket ?? null,
        registerFunction: written.register_function ?? null,
        deadLettersQueue: written.dead_letters_queue ?? null,
      },
    ]),
  );
}
