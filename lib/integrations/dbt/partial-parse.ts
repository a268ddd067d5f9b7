import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What every query of a dbt call is tagged with, by the profile: it names run and step. */
export const QUERY_TAG = 'HEADRACE_QUERY_TAG';

/** The tag that a profile has without the variable, when `prepare` parses. */
const UNTAGGED = 'dbt';

/**
 * dbt parses in full when anything of the connection differs from that of the saved parse, and counts the tag of
 * queries as such, though it changes nothing that is parsed. Loaded by dbt as one of its plugins: modules on the path
 * whose names begin with `dbt_`. Where dbt is another inside, it parses in full, as without it.
 */
const PLUGIN = `import os

plugins = []

try:
    from dbt.parser.manifest import ManifestLoader

    check = ManifestLoader.build_manifest_state_check

    def build_manifest_state_check(self):
        credentials = self.root_project.credentials
        tag = getattr(credentials, "query_tag", None)
        if tag is None or tag != os.environ.get("${QUERY_TAG}"):
            return check(self)
        credentials.query_tag = "${UNTAGGED}"
        try:
            return check(self)
        finally:
            credentials.query_tag = tag

    ManifestLoader.build_manifest_state_check = build_manifest_state_check
except (ImportError, AttributeError):
    pass
`;

/** What a call of dbt is given so that it goes on from what `dbt parse` saved. */
export interface PartialParse {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Lets dbt spare itself what was parsed already; it checks by itself that the files, variables, target and connection
 * are the same, and parses what is not.
 *
 * @param scratch folder of this call
 */
export async function partialParse(
  projectDirectory: string,
  scratch: string,
  { PYTHONPATH: path }: Readonly<Record<string, string | undefined>>,
): Promise<PartialParse> {
  const saved = join(projectDirectory, 'target', 'partial_parse.msgpack');
  if (!existsSync(saved)) return { args: [], environment: {} };
  const plugins = join(scratch, 'plugins');
  await mkdir(plugins);
  await writeFile(join(plugins, 'dbt_headrace.py'), PLUGIN);
  return {
    args: ['--partial-parse-file-path', saved],
    environment: { PYTHONPATH: path ? `${plugins}${delimiter}${path}` : plugins },
  };
}
