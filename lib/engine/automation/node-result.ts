import type { SinceMetadata } from '../../model/automation-evaluation';
import type { Entity } from './automation-view';
import type { Subset } from './subset';
import type { Timing } from './timing';

/** What one node of a condition came to. */
export interface NodeResult {
  readonly entity: Entity;
  readonly label: string | null;
  readonly name: string;
  readonly operatorType: 'and' | 'or' | 'not' | 'identity';
  /** Where it was asked. */
  readonly candidates: Subset;
  /** Where it is true. */
  readonly truth: Subset;
  readonly children: readonly NodeResult[];
  /** Only of those that come from events or ticks; what combines them has none. */
  readonly timing: Timing | null;
  readonly since?: SinceMetadata;
}
