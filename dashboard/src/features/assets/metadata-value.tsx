import { formatBytes, formatCount } from '../../components/format/number';
import { Time } from '../../components/time';
import type { Materialization } from './metadata-series';

type Entry = Materialization['metadataEntries'][number];

/** A metadata entry's value, as its type reads best. */
export function MetadataValue({ entry }: { readonly entry: Entry }) {
  switch (entry.__typename) {
    case 'IntMetadataEntry':
      return /bytes$/i.test(entry.label)
        ? formatBytes(Number(entry.intRepr))
        : formatCount(Number(entry.intRepr));
    case 'FloatMetadataEntry':
      return formatCount(Number(entry.floatRepr));
    case 'TextMetadataEntry':
      return entry.text;
    case 'BoolMetadataEntry':
      return entry.boolValue === null ? '—' : entry.boolValue ? 'true' : 'false';
    case 'UrlMetadataEntry':
      return /^https?:/.test(entry.url) ? (
        <a className="link" href={entry.url} target="_blank" rel="noreferrer">
          {entry.url}
        </a>
      ) : (
        entry.url
      );
    case 'PathMetadataEntry':
      return <span className="mono">{entry.path}</span>;
    case 'MarkdownMetadataEntry':
      return entry.mdStr;
    case 'JsonMetadataEntry':
      return <span className="mono">{entry.jsonString}</span>;
    case 'TimestampMetadataEntry':
      return <Time at={entry.timestamp * 1_000} seconds />;
    case 'TableSchemaMetadataEntry':
      return `${entry.schema.columns.length} columns`;
    default:
      return <span className="t3">{entry.description ?? entry.__typename.replace('MetadataEntry', '')}</span>;
  }
}
