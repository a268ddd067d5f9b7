import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fragments from '../../dashboard/src/graphql/fragments';

export interface DashboardDocument {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

const shared: Readonly<Record<string, string>> = fragments;

/** Every GraphQL document of the dashboard: the templates tagged `gql` in `dashboard/src`, with their fragments. */
export async function dashboardDocuments(): Promise<readonly DashboardDocument[]> {
  const root = join(process.cwd(), 'dashboard', 'src');
  const documents: DashboardDocument[] = [];
  for await (const file of glob('**/*.graphql.ts', { cwd: root })) {
    const source = await readFile(join(root, file), 'utf8');
    for (const [, template = ''] of source.matchAll(/gql(?:<[^`]*>)?`([^`]*)`/g)) {
      const text = template.replace(/\$\{(\w+)\}/g, (_, fragment: string) => shared[fragment] ?? '');
      const name = /\b(?:query|mutation)\s+(\w+)/.exec(text)?.[1] ?? '?';
      documents.push({ name, file, text });
    }
  }
  return documents.sort((a, b) => (a.name < b.name ? -1 : 1));
}
