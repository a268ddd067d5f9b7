import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { metadataLabel } from '../../components/format/metadata-label';
import type { MetadataEntry } from './asset-types';
import styles from './metadata.module.css';
import { blockSummary, MetadataBlock, plainList } from './metadata-block';
import { LineValue, Place, WebLink } from './metadata-line';

/**
 * A metadata entry's value, as its kind reads best. What needs room, such as a table, opens in a dialog; with `whole`
 * it is drawn where it stands.
 */
export function MetadataValue({
  entry,
  whole = false,
}: {
  readonly entry: MetadataEntry;
  readonly whole?: boolean;
}) {
  const summary = blockSummary(entry);
  if (entry.__typename === 'CodeReferencesMetadataEntry')
    return entry.codeReferences.map((reference) =>
      reference.__typename === 'UrlCodeReference' ? (
        <div key={reference.url}>
          <WebLink url={reference.url} label={reference.label} />
        </div>
      ) : (
        <div key={`${reference.filePath}:${reference.lineNumber}`}>
          <Place
            text={
              reference.lineNumber === null
                ? reference.filePath
                : `${reference.filePath}:${reference.lineNumber}`
            }
          />
        </div>
      ),
    );
  if (summary === undefined)
    return entry.__typename === 'JsonMetadataEntry' ? (
      <PlainList items={plainList(entry.jsonString) ?? []} />
    ) : (
      <LineValue entry={entry} />
    );
  return whole ? <MetadataBlock entry={entry} /> : <BlockButton entry={entry} summary={summary} />;
}

function BlockButton({ entry, summary }: { readonly entry: MetadataEntry; readonly summary: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.open} onClick={() => setOpen(true)}>
        {summary}
      </button>
      {open && (
        <Dialog
          title={metadataLabel(entry.label)}
          wide
          footer={<Button onClick={() => setOpen(false)}>Close</Button>}
          onClose={() => setOpen(false)}
        >
          <MetadataBlock entry={entry} />
        </Dialog>
      )}
    </>
  );
}

/** A list of plain values reads as lines. */
function PlainList({ items }: { readonly items: readonly string[] }) {
  if (items.length === 0) return <span className="t3">none</span>;
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
