import { formatBytes, formatCount, plural } from '../../components/format/number';
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
      return <JsonValue text={entry.jsonString} />;
    case 'TimestampMetadataEntry':
      return <Time at={entry.timestamp * 1_000} seconds />;
    case 'TableColumnLineageMetadataEntry':
      return plural(entry.lineage.length, 'column');
    case 'TableSchemaMetadataEntry':
      return plural(entry.schema.columns.length, 'column');
    default:
      return <span className="t3">{entry.description ?? entry.__typename.replace('MetadataEntry', '')}</span>;
  }
}

/** A list of plain values reads as lines; anything else stays JSON. */
function JsonValue({ text }: { readonly text: string }) {
  const items = parseList(text);
  if (!items) return <span className="mono">{text}</span>;
  if (items.length === 0) return <span className="t3">none</span>;
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

function parseList(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return undefined;
    return [...new Set(value.map(String))];
  } catch {
    return undefined;
  }
}
