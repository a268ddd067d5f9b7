import { z } from 'zod';

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
}

export interface WorkspaceSettings {
  readonly codeLocations: readonly CodeLocationSettings[];
}

const location = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be made of letters, digits, - and _'),
    entry: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    files: z.array(z.string().min(1)).default([]),
    prepare: z.array(z.string().min(1)).min(1).optional(),
    externals: z.array(z.string().min(1)).default([]),
    image: z.string().min(1).optional(),
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
    codeLocations: raw.code_locations.map(({ name, entry, path, files, prepare, externals, image }) => ({
      name,
      entry: entry ?? `${path?.replace(/\/+$/, '')}/index.ts`,
      files,
      prepare: prepare ?? null,
      externals,
      image: image ?? null,
    })),
  };
}
