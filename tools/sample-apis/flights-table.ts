import { open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { vegaDataset } from './packages';

/** The flights as columns, sorted by `minute` as in the file: 12 bytes a row, 36 MB in all. */
export interface FlightsTable {
  readonly rows: number;
  /** Minutes since 1970 of the local departure time. */
  readonly minute: Int32Array;
  /** Minutes late; negative = early. */
  readonly delay: Int16Array;
  /** Miles. */
  readonly distance: Int16Array;
  /** Index into `airports`. */
  readonly origin: Uint16Array;
  readonly destination: Uint16Array;
  readonly airports: readonly string[];
}

/** Reads `flights-3m.parquet` by row group: one group is decoded at a time and the event loop runs between. */
export async function readFlights(): Promise<FlightsTable> {
  const handle = await open(vegaDataset('flights-3m.parquet'));
  try {
    return await decode({
      byteLength: (await handle.stat()).size,
      async slice(start, end) {
        const bytes = new Uint8Array((end ?? this.byteLength) - start);
        await handle.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    });
  } finally {
    await handle.close();
  }
}

async function decode(file: AsyncBuffer): Promise<FlightsTable> {
  const metadata = await parquetMetadataAsync(file);
  const rows = Number(metadata.num_rows);
  const codes = new Map<string, number>();
  const table = {
    rows,
    minute: new Int32Array(rows),
    delay: new Int16Array(rows),
    distance: new Int16Array(rows),
    origin: new Uint16Array(rows),
    destination: new Uint16Array(rows),
  };
  const encode: Readonly<
    Record<string, [Int32Array | Int16Array | Uint16Array, (value: unknown) => number]>
  > = {
    date: [table.minute, (value) => (value as Date).getTime() / 60_000],
    delay: [table.delay, Number],
    distance: [table.distance, Number],
    origin: [table.origin, airportCode],
    destination: [table.destination, airportCode],
  };
  function airportCode(value: unknown): number {
    const iata = value as string;
    const known = codes.get(iata);
    if (known !== undefined) return known;
    codes.set(iata, codes.size);
    return codes.size - 1;
  }

  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      compressors: { ZSTD: (input) => zstdDecompressSync(input) },
      onChunk: (chunk) => {
        const target = encode[chunk.columnName];
        if (target === undefined) return;
        const [column, toNumber] = target;
        for (let i = 0; i < chunk.columnData.length; i++)
          column[chunk.rowStart + i] = toNumber(chunk.columnData[i]);
      },
    });
    rowStart = rowEnd;
  }
  return { ...table, airports: [...codes.keys()] };
}

/** Index of the first flight at or after the minute. */
export function firstAtOrAfter(table: FlightsTable, minute: number): number {
  let low = 0;
  let high = table.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((table.minute[middle] ?? 0) < minute) low = middle + 1;
    else high = middle;
  }
  return low;
}
