import { formatCount } from '../../components/format/number';
import type { RunEvent } from './run-types';

export type RunMetadataEntry = Extract<
  RunEvent,
  { readonly __typename: 'MaterializationEvent' }
>['metadataEntries'][number];

export interface MetadataText {
  readonly text: string;
  readonly number: number | undefined;
}

/** What a metadata entry says in a line; undefined for kinds that only the asset's page shows. */
export function readMetadata(entry: RunMetadataEntry): MetadataText | undefined {
  switch (entry.__typename) {
    case 'IntMetadataEntry':
      return numberValue(Number(entry.intRepr));
    case 'FloatMetadataEntry':
      return numberValue(Number(entry.floatRepr));
    case 'TextMetadataEntry':
      return { text: entry.text, number: undefined };
    case 'BoolMetadataEntry':
      return { text: String(entry.boolValue), number: undefined };
    case 'UrlMetadataEntry':
      return { text: entry.url, number: undefined };
    case 'PathMetadataEntry':
      return { text: entry.path, number: undefined };
    case 'JsonMetadataEntry':
      return { text: entry.jsonString, number: undefined };
    default:
      return undefined;
  }
}

const numberValue = (number: number): MetadataText => ({ text: formatCount(number), number });

/** What was said with an event, or with the check that it evaluates. */
export function metadataOfEvent(event: RunEvent): readonly RunMetadataEntry[] {
  if ('metadataEntries' in event) return event.metadataEntries;
  return event.__typename === 'AssetCheckEvaluationEvent' ? event.evaluation.metadataEntries : [];
}
