import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../lib/model/json';
import { octokitScenarios } from './packages';

/** An issue as GitHub answered it when the scenario was recorded. */
export interface Issue extends JsonObject {
  readonly id: number;
  readonly number: number;
  readonly state: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What the recordings hold, by repository and by login. */
export interface GithubRecords {
  /** `owner/name` and `owner/<scenario>` → the repository's issues. */
  readonly issues: ReadonlyMap<string, readonly Issue[]>;
  /** Numeric repository id, as GitHub's `Link` headers name it, → `owner/name`. */
  readonly repositoryIds: ReadonlyMap<string, string>;
  /** Login → the longest record of that account. */
  readonly users: ReadonlyMap<string, JsonObject>;
}

/** Harvests every issue, account and repository id from the raw recordings of `@octokit/fixtures`. */
export function readGithubRecords(): GithubRecords {
  const issues = new Map<string, Map<number, Issue>>();
  const repositoryIds = new Map<string, string>();
  const users = new Map<string, JsonObject>();
  const folder = octokitScenarios();
  for (const scenario of readdirSync(folder).sort()) {
    const recorded: { response: JsonValue }[] = JSON.parse(
      readFileSync(join(folder, scenario, 'raw-fixture.json'), 'utf8'),
    );
    for (const object of recorded.flatMap(({ response }) => objectsIn(response))) {
      if (isIssue(object)) {
        const name = String(object.repository_url).split('/repos/')[1] ?? '';
        for (const alias of [name, `${name.split('/')[0]}/${scenario}`]) {
          const known = issues.get(alias) ?? new Map<number, Issue>();
          issues.set(alias, known.set(object.number, object));
        }
      } else if (typeof object.login === 'string' && typeof object.type === 'string') {
        const size = (record: JsonObject | undefined) => Object.keys(record ?? {}).length;
        if (size(object) > size(users.get(object.login))) users.set(object.login, object);
      } else if (typeof object.full_name === 'string' && typeof object.id === 'number') {
        repositoryIds.set(String(object.id), object.full_name);
      }
    }
  }
  return {
    issues: new Map([...issues].map(([name, byNumber]) => [name, [...byNumber.values()]])),
    repositoryIds,
    users,
  };
}

function isIssue(object: JsonObject): object is Issue {
  return typeof object.repository_url === 'string' && typeof object.number === 'number';
}

function objectsIn(value: JsonValue): JsonObject[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => objectsIn(item));
  const object = value as JsonObject;
  return [object, ...Object.values(object).flatMap((item) => objectsIn(item))];
}
