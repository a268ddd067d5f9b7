import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface Locked {
  readonly version?: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

test('The bill of materials of docs/security.md names every production package of the lockfile, without a network', () => {
  const [, command = ''] = /`(npm sbom [^`>]*)>/.exec(readFileSync('docs/security.md', 'utf8')) ?? [];
  expect(command).toContain('cyclonedx');
  const { stdout, status } = spawnSync(`${command} --offline`, {
    shell: true,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    // Nobody listens there.
    env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9' },
  });
  expect(status).toBe(0);
  const bill = JSON.parse(stdout) as {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly purl: string;
      readonly properties: readonly { readonly name: string }[];
    }[];
  };
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const locked = Object.entries(packages).flatMap(([path, { version, name, dev, devOptional, link }]) => {
    if (path === '' || dev === true || devOptional === true || link === true) return [];
    return [`${name ?? path.replace(/^.*node_modules\//, '')}@${version}`];
  });
  // Marked as such are packages that no production package needs.
  const named = bill.components
    .filter(({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development'))
    .map(({ purl }) => decodeURIComponent(purl.replace('pkg:npm/', '')));

  expect(bill.bomFormat).toBe('CycloneDX');
  expect(locked.length).toBeGreaterThan(100);
  expect(locked.filter((each) => !named.includes(each))).toEqual([]);
  expect(named.length).toBeLessThan(bill.components.length);
}, 60_000);
