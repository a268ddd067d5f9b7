import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { CliError } from '../errors';
import type { Output } from '../output';
import { packedName, projectTemplate } from '../project-template';

/** What is the user's own when it is there already: nothing of it is changed. */
const MAY_EXIST: ReadonlySet<string> = new Set(['package.json', 'tsconfig.json', '.gitignore']);

/** The package that this program is part of. */
export interface InitPackage {
  readonly version: string;
  /** Its folder: a checkout, or where npm installed it. */
  readonly folder: string;
}

/**
 * `headrace init [folder]`: writes a small project that runs as it is. Files that are there are never changed. As the
 * package is on no registry, the project depends on the file that `npm pack` makes of the one that wrote it.
 *
 * @throws {CliError} the folder holds a project, or one of its files, already
 */
export async function initProject(folder: string, from: InitPackage, output: Output): Promise<void> {
  const root = resolve(folder);
  const files = Object.entries(projectTemplate(from.version));
  const present = files.filter(([path]) => existsSync(join(root, path))).map(([path]) => path);
  const inTheWay = present.filter((path) => !MAY_EXIST.has(path));
  if (inTheWay.length > 0) {
    throw new CliError(`${root} holds ${inTheWay.join(', ')} already: nothing was written.`, {
      remedy: 'Choose another folder: npx headrace init <folder>.',
    });
  }
  const written = files.filter(([path]) => !present.includes(path));
  for (const [path, text] of written) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
  }
  const there = relative(process.cwd(), root);
  const next = [
    ...(there === '' ? [] : [`cd ${there}`]),
    ...installCommands(from, root, present.includes('package.json')),
    'npx headrace dev',
    'npx headrace run refresh --wait',
  ];
  output.result({ folder: root, written: written.map(([path]) => path), kept: present, next }, () =>
    [
      ...written.map(([path]) => `wrote ${path}`),
      ...present.map((path) => `kept ${path}`),
      '',
      'Next:',
      ...next.map((command) => `  ${command}`),
    ].forEach((text) => {
      output.line(text);
    }),
  );
}

/** Only a checkout is built as it is packed; what npm installed was built before, perhaps for this very project. */
function installCommands({ version, folder }: InitPackage, project: string, hasManifest: boolean): string[] {
  const path = relative(project, folder);
  if (path === join('node_modules', 'headrace')) return [];
  const isCheckout = existsSync(join(folder, 'lib', 'index.ts'));
  return [
    `npm pack ${isCheckout ? '' : '--ignore-scripts '}${quoted(path)}`,
    hasManifest ? `npm install ./${packedName(version)}` : 'npm install',
  ];
}

/** As a shell takes it. */
const quoted = (path: string): string => (/^[\w./\\:-]+$/.test(path) ? path : JSON.stringify(path));
