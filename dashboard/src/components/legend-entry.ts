import type { StatusKind } from './status';

export interface LegendEntry {
  readonly kind: StatusKind;
  readonly word: string;
  readonly outlined?: boolean;
}
