import type { DefinitionChange, ManifestDifference } from '../model/manifest-difference';
import type { Palette } from './format';

/** A difference as lines: what comes, goes and changes, each changed field below its definition. */
export function differenceLines(
  { location, changes }: ManifestDifference,
  versions: { readonly from: string | null; readonly to: string },
  colours: Palette,
): readonly string[] {
  const from = versions.from === null ? 'nothing' : versions.from.slice(0, 8);
  const title = colours.bold(`${location}: ${from} → ${versions.to.slice(0, 8)}`);
  if (versions.from === versions.to) return [`${title}  the same code`];
  if (changes.length === 0) return [`${title}  code changes, definitions do not`];
  return [`${title}  ${summary(changes)}`, ...changes.flatMap((change) => changeLines(change, colours))];
}

function summary(changes: readonly DefinitionChange[]): string {
  const count = (kind: DefinitionChange['change']): number =>
    changes.filter(({ change }) => change === kind).length;
  return (['added', 'changed', 'removed'] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`)
    .join(', ');
}

function changeLines({ kind, name, change, fields }: DefinitionChange, colours: Palette): string[] {
  const mark = { added: colours.good('+'), removed: colours.bad('-'), changed: colours.warn('~') }[change];
  return [`  ${mark} ${kind} ${name}`, ...fields.map(({ text }) => `      ${text}`)];
}
