import { z } from 'zod';
import { TASK_CAPACITIES, type TaskCapacity } from '../model/task-settings';

/** One entry of `workspace.yaml`. */
export interface CodeLocationSettings {
  readonly name: string;
  /** The module that exports `definitions`; relative to the project's root. */
  readonly entry: string;
  /** Files, folders and globs that go into the bundle, e.g. a dbt project. */
  readonly files: readonly string[];
  /** Command that is run in the project's root before a build when `files` changed, e.g. `dbt parse`; null = none. */
  readonly prepare: readonly string[] | null;
  /** Packages that are not bundled because they cannot be (native modules); the worker's image must have them. */
  readonly externals: readonly string[];
  /** Image of this location's workers on AWS; null = the generic one. */
  readonly image: string | null;
  /** Further images, by the name that the run tag `headrace/image` chooses. */
  readonly images: Readonly<Record<string, string>>;
  /** Further roles of its tasks, by the name that the run tag `headrace/task_role` chooses. */
  readonly roles: Readonly<Record<string, TaskRoleSettings>>;
  /** Of its tasks; null = as headrace.yaml says of Fargate. */
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly capacity: TaskCapacity | null;
  /** Of its tasks' servers and images. */
  readonly architecture: 'arm64' | 'x86_64';
}

/** A role that tasks may have: all that the location's own may, and these managed policies. */
export interface TaskRoleSettings {
  /** ARNs. */
  readonly policies: readonly string[];
}

export interface WorkspaceSettings {
  readonly codeLocations: readonly CodeLocationSettings[];
}

/** Becomes part of a task definition's name, and the value of a tag. */
const choice = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be made of lower-case letters, digits and -');
const policyArn = z
  .string()
  .regex(/^arn:[\w-]+:iam::(aws|\d{12}):policy\/\S+$/, 'must be the ARN of a managed policy');

const location = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be made of letters, digits, - and _'),
    entry: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    files: z.array(z.string().min(1)).default([]),
    prepare: z.array(z.string().min(1)).min(1).optional(),
    externals: z.array(z.string().min(1)).default([]),
    image: z.string().min(1).optional(),
    images: z.record(choice, z.string().min(1)).default({}),
    roles: z.record(choice, z.strictObject({ policies: z.array(policyArn).default([]) })).default({}),
    cpu: z.number().int().positive().optional(),
    memory: z.number().int().positive().optional(),
    capacity: z.enum(TASK_CAPACITIES).optional(),
    architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  })
  .superRefine(({ name, entry, path }, context) => {
    if (entry === undefined && path === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['entry'],
        message: `is missing: name the module that exports definitions, e.g. ${name}/index.ts`,
      });
    }
    if (entry !== undefined && path !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['path'],
        message: 'is given beside entry; keep one of the two',
      });
    }
  });

/** The shape of `workspace.yaml`. `path: folder` is short for `entry: folder/index.ts`. */
export const workspaceSettingsSchema = z
  .strictObject({ code_locations: z.array(location).min(1) })
  .superRefine(({ code_locations: locations }, context) => {
    locations.forEach(({ name }, index) => {
      if (locations.findIndex((other) => other.name === name) < index) {
        const message = `'${name}' is the name of an earlier code location too`;
        context.addIssue({ code: 'custom', path: ['code_locations', index, 'name'], message });
      }
    });
  });

export function toWorkspaceSettings(raw: z.output<typeof workspaceSettingsSchema>): WorkspaceSettings {
  return {
    codeLocations: raw.code_locations.map(
      ({ entry, path, prepare, image, cpu, memory, capacity, ...location }) => ({
        ...location,
        entry: entry ?? `${path?.replace(/\/+$/, '')}/index.ts`,
        prepare: prepare ?? null,
        image: image ?? null,
        cpu: cpu ?? null,
        memory: memory ?? null,
        capacity: capacity ?? null,
      }),
    ),
  };
}
