import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { lookUpEnvironment } from '../environment';
import { didYouMean, nearMisses } from '../model/near-misses';
import {
  type ProfileSettings,
  profilesSchema,
  toProfiles,
  type WrittenProfile,
} from '../settings/profile-settings';
import { readSettings } from '../settings/read-settings';
import { CliError } from './errors';

/** A deployment, by the name it has in a profiles file. */
export interface Profile extends ProfileSettings {
  readonly name: string;
  /** The file that says so. */
  readonly file: string;
}

/** Profiles that a project's people share; it holds no secret, so it can be committed. */
const PROJECT_FILE = 'headrace.profiles.yaml';

/** The files that are read, most important first. */
export function profileFiles(root: string | undefined): readonly string[] {
  const config = lookUpEnvironment('XDG_CONFIG_HOME') ?? join(homedir(), '.config');
  return [
    ...(root === undefined ? [] : [join(root, PROJECT_FILE)]),
    join(config, 'headrace', 'profiles.yaml'),
  ];
}

/**
 * All profiles; the project's win over the user's of the same name.
 *
 * @param root the project's folder; undefined outside of one
 * @throws {SettingsError} naming file, line and value
 */
export function readProfiles(root: string | undefined): readonly Profile[] {
  const found = new Map<string, Profile>();
  for (const file of profileFiles(root)) {
    if (!existsSync(file)) continue;
    const source = { file, text: readFileSync(file, 'utf8'), environment: lookUpEnvironment };
    for (const [name, settings] of toProfiles(readSettings(profilesSchema, source))) {
      if (!found.has(name)) found.set(name, { ...settings, name, file });
    }
  }
  return [...found.values()];
}

/** @throws {CliError} when there is none of that name */
export function findProfile(root: string | undefined, name: string): Profile {
  const profiles = readProfiles(root);
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const names = profiles.map((candidate) => candidate.name);
  throw new CliError(
    `There is no profile "${name}" in ${profileFiles(root).join(' or ')}.${didYouMean(nearMisses(name, names))}`,
    {
      remedy: `${names.length === 0 ? '' : `There are ${names.join(', ')}. `}Add it: npx headrace profile add ${name} --stack <stack> --region <region>`,
    },
  );
}

/**
 * The token that a profile's API is shown; undefined = none.
 *
 * @throws {CliError} when the profile names a variable that is not set
 */
export function profileToken({ name, file, tokenEnv }: Profile): string | undefined {
  if (tokenEnv === null) return lookUpEnvironment('HEADRACE_TOKEN');
  const token = lookUpEnvironment(tokenEnv);
  if (token !== undefined && token !== '') return token;
  throw new CliError(`Profile "${name}" takes its token from ${tokenEnv}, which is not set (${file}).`, {
    remedy: `Set ${tokenEnv} in the shell or in .env.`,
  });
}

/**
 * A value that a command needs of a profile.
 *
 * @throws {CliError} when the profile does not say it
 */
export function required<
  K extends 'region' | 'bundlesBucket' | 'registerFunction' | 'deadLettersQueue' | 'stack',
>(profile: Profile, key: K): string {
  const value = profile[key];
  if (value !== null) return value;
  const written = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  throw new CliError(`Profile "${profile.name}" says no ${written} (${profile.file}).`, {
    remedy: `Fill it in from the deployment: npx headrace profile add ${profile.name} --stack <stack> --region <region>`,
  });
}

/** Writes a profile, in the place of one of that name; comments of the file are lost. */
export function writeProfile(file: string, name: string, profile: WrittenProfile): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const source = { file, text, environment: lookUpEnvironment };
  readSettings(profilesSchema, source);
  const written = (parse(text) ?? {}) as { profiles?: Record<string, unknown> };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify({ ...written, profiles: { ...written.profiles, [name]: profile } }));
}
