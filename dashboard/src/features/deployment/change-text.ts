import { plural } from '../../components/format/number';
import type { CodeDifference } from './rest-api';

/** `2 added, 1 changed` */
export function changeText(changes: CodeDifference['changes']): string {
  if (changes.length === 0) return 'code changed at most, definitions did not';
  return (['added', 'changed', 'removed'] as const)
    .map((kind) => [changes.filter(({ change }) => change === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind], index) =>
      index === 0 ? `${plural(count, 'definition')} ${kind}` : `${count} ${kind}`,
    )
    .join(', ');
}
