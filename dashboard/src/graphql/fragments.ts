/** Parts that several documents share; a document takes one in by naming it: `${metadataFragment}`. */

/** A metadata entry of any kind, with its value. */
export const metadataFragment = `
  fragment Metadata on MetadataEntry {
    __typename
    label
    description
    ... on IntMetadataEntry { intRepr }
    ... on FloatMetadataEntry { floatRepr }
    ... on TextMetadataEntry { text }
    ... on BoolMetadataEntry { boolValue }
    ... on UrlMetadataEntry { url }
    ... on PathMetadataEntry { path }
    ... on NotebookMetadataEntry { path }
    ... on MarkdownMetadataEntry { mdStr }
    ... on JsonMetadataEntry { jsonString }
    ... on TimestampMetadataEntry { timestamp }
    ... on PipelineRunMetadataEntry { runId }
    ... on JobMetadataEntry { jobName locationName }
    ... on AssetMetadataEntry { assetKey { path } }
    ... on PoolMetadataEntry { pool }
    ... on CodeReferencesMetadataEntry {
      codeReferences {
        __typename
        ... on LocalFileCodeReference { filePath lineNumber }
        ... on UrlCodeReference { url label }
      }
    }
    ... on TableMetadataEntry { table { records schema { columns { name type description } } } }
    ... on TableSchemaMetadataEntry {
      schema { columns { name type description constraints { nullable unique other } } }
    }
    ... on TableColumnLineageMetadataEntry {
      lineage { columnName columnDeps { assetKey { path } columnName } }
    }
  }
`;

/** What fits on a line of a metadata entry; of what needs room only its kind. */
export const metadataLineFragment = `
  fragment MetadataLine on MetadataEntry {
    __typename
    label
    description
    ... on IntMetadataEntry { intRepr }
    ... on FloatMetadataEntry { floatRepr }
    ... on TextMetadataEntry { text }
    ... on BoolMetadataEntry { boolValue }
    ... on UrlMetadataEntry { url }
    ... on PathMetadataEntry { path }
    ... on NotebookMetadataEntry { path }
    ... on TimestampMetadataEntry { timestamp }
    ... on PipelineRunMetadataEntry { runId }
    ... on JobMetadataEntry { jobName locationName }
    ... on AssetMetadataEntry { assetKey { path } }
    ... on PoolMetadataEntry { pool }
  }
`;

/** What of a metadata entry a log has room for. */
export const loggedMetadataFragment = `
  fragment LoggedMetadata on MetadataEntry {
    __typename
    label
    ... on IntMetadataEntry { intRepr }
    ... on FloatMetadataEntry { floatRepr }
    ... on TextMetadataEntry { text }
    ... on BoolMetadataEntry { boolValue }
    ... on UrlMetadataEntry { url }
    ... on PathMetadataEntry { path }
    ... on JsonMetadataEntry { jsonString }
  }
`;

/** A run as lists show it. */
export const runRowFragment = `
  fragment RunRow on Run {
    id
    runId
    status
    jobName
    tags { key value }
    creationTime
    startTime
    endTime
    cause
    waitingFor
    canTerminate
    hasReExecutePermission
    hasDeletePermission
    assetSelection(limit: 3) { path }
    assetSelectionCount
    repositoryOrigin { id repositoryName repositoryLocationName }
  }
`;

/** A materialization with all that was said of it; takes `metadataFragment` along. */
export const materializationFragment = `
  fragment Materialization on MaterializationEvent {
    __typename
    runId
    timestamp
    stepKey
    partition
    description
    tags { key value }
    metadataEntries { ...Metadata }
  }
`;

/** An observation with all that was said of it; takes `metadataFragment` along. */
export const observationFragment = `
  fragment Observation on ObservationEvent {
    __typename
    runId
    timestamp
    stepKey
    partition
    description
    tags { key value }
    metadataEntries { ...Metadata }
  }
`;
