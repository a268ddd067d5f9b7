import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from '../../definitions/references';
import { type ResourceDefinition, resource } from '../../definitions/resource';
import { QUERY_TAG } from './partial-parse';

/** Variables that the integration sets itself. */
const OWN = new Set([QUERY_TAG]);

/**
 * What `env_var(...)` reads in a dbt project, as a resource: looked up like all variables of user code, on AWS in the
 * location's secret, and masked where a name says that it is a secret. Those that are not set are left to dbt.
 */
export function dbtEnvironment(
  name: string,
  texts: readonly string[],
): ResourceDefinition<Readonly<Record<string, string>>> {
  return resource({
    name: `${name}_environment`,
    description: 'Variables that env_var() reads in the dbt project.',
    settings: Object.fromEntries(environmentNames(texts).map((variable) => [variable, env(variable, '')])),
    setUp: ({ settings }): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '')),
  });
}

/** Names in `env_var('NAME')` and `env_var('NAME', 'default')`, sorted. */
export function environmentNames(texts: readonly string[]): string[] {
  // In a manifest the quotes of a macro may be escaped.
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\benv_var\(\s*\\?["']([A-Za-z_][A-Za-z0-9_]*)\\?["']/g)].map(
      ([, variable = '']) => variable,
    ),
  );
  return [...new Set(found)].filter((variable) => !OWN.has(variable)).sort();
}

/** The files of a project that may read variables, beside its manifest. */
export function projectTexts(projectDirectory: string, profilesDirectory: string): string[] {
  return [join(projectDirectory, 'dbt_project.yml'), join(profilesDirectory, 'profiles.yml')]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
}
