import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../components/copy-text';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { formatBytes, formatCount } from '../../components/format/number';
import { Time } from '../../components/time';
import type { ListedEvent } from './asset-event';
import { RunReference } from './run-reference';

/** What a list knows of a metadata entry. */
type LineEntry = Exclude<
  ListedEvent,
  { readonly __typename: 'FailedToMaterializeEvent' }
>['metadataEntries'][number];

const long: ReadonlySet<LineEntry['__typename']> = new Set([
  'MarkdownMetadataEntry',
  'JsonMetadataEntry',
  'TableMetadataEntry',
  'TableSchemaMetadataEntry',
  'TableColumnLineageMetadataEntry',
  'CodeReferencesMetadataEntry',
]);

/** Whether a value fits on a line. */
export const isLine = ({ __typename }: Pick<LineEntry, '__typename'>): boolean => !long.has(__typename);

/** A value that fits on a line; of what does not, what it is. */
export function LineValue({ entry }: { readonly entry: LineEntry }) {
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
      return entry.boolValue === null ? '—' : String(entry.boolValue);
    case 'UrlMetadataEntry':
      return <WebLink url={entry.url} />;
    case 'PathMetadataEntry':
    case 'NotebookMetadataEntry':
      return <Place text={entry.path} />;
    case 'TimestampMetadataEntry':
      return <Time at={entry.timestamp * 1_000} seconds />;
    case 'PipelineRunMetadataEntry':
      return <RunReference runId={entry.runId} />;
    case 'JobMetadataEntry':
      return entry.locationName === '' ? (
        entry.jobName
      ) : (
        <Link
          to="/jobs/$location/$name"
          params={{ location: entry.locationName, name: entry.jobName }}
          search={{}}
          className="link"
        >
          {entry.jobName}
        </Link>
      );
    case 'AssetMetadataEntry':
      return (
        <Link to="/assets/$" params={{ _splat: keyToUrl(entry.assetKey) }} search={{}} className="link">
          {keyText(entry.assetKey)}
        </Link>
      );
    case 'PoolMetadataEntry':
      return <span className="mono">{entry.pool}</span>;
    case 'NullMetadataEntry':
      return <span className="t3">null</span>;
    default:
      return <span className="t3">{entry.__typename.replace('MetadataEntry', '')}</span>;
  }
}

/** A path or place, to be copied. */
export function Place({ text }: { readonly text: string }) {
  return (
    <>
      <span className="mono">{text}</span> <CopyButton text={text} label={`Copy ${text}`} />
    </>
  );
}

/** A link out of the dashboard, unless it leads elsewhere than to the web: then its text. */
export function WebLink({ url, label }: { readonly url: string; readonly label?: string | null }) {
  const text = label ?? url;
  return /^https?:/.test(url) ? (
    <a className="link" href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  ) : (
    text
  );
}
