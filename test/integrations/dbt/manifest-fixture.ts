import { readFileSync } from 'node:fs';
import { type DbtManifest, parseDbtManifest } from '../../../lib/integrations/dbt/dbt-manifest';

const PATH = new URL('../../fixtures/dbt-manifest.json', import.meta.url);

/** The manifest that `dbt parse` made of dbt_project, without what nobody reads. */
export const manifestText = (): string => readFileSync(PATH, 'utf8');
export const readManifest = (): DbtManifest => parseDbtManifest(manifestText(), 'manifest.json');

/** The manifest with some fields of nodes changed. */
export function changed(changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>): DbtManifest {
  const raw = JSON.parse(manifestText()) as {
    nodes: Record<string, Record<string, unknown> & { config: object }>;
  };
  for (const [id, { config = {}, ...fields }] of Object.entries(changes)) {
    const node = raw.nodes[id];
    if (node === undefined) throw new Error(`no node ${id}`);
    raw.nodes[id] = { ...node, ...fields, config: { ...node.config, ...(config as object) } };
  }
  return parseDbtManifest(JSON.stringify(raw), 'manifest.json');
}
