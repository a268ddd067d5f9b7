/** A metadata entry's label for readers: the namespace of the standard entries says nothing to them. */
export function metadataLabel(label: string): string {
  return label.replace(/^dagster\//, '');
}
