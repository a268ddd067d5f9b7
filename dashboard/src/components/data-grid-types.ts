import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track: `120px`, `minmax(160px, 1fr)`. */
  readonly width: string;
  readonly right?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the header sort by this value. */
  readonly sort?: (row: Row) => string | number;
}

export interface GridGroup {
  readonly title: string;
  readonly detail?: ReactNode;
}

export interface DataGridProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly GridColumn<Row>[];
  readonly getId: (row: Row) => string;
  readonly rowLabel: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** Row that a side panel shows. */
  readonly activeId?: string | undefined;
  readonly selection?: ReadonlySet<string>;
  readonly onSelection?: (selection: ReadonlySet<string>) => void;
  /** Rows that have no box. Default: all have. */
  readonly isSelectable?: (row: Row) => boolean;
  /** `column` or `-column`. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string | undefined) => void;
  /** Rows of one group stand together under its heading, in the order of `groups`. */
  readonly groupOf?: ((row: Row) => string) | undefined;
  readonly describeGroup?: (group: string, rows: readonly Row[]) => GridGroup;
  readonly rowHeight?: number;
  /** One row on a phone. */
  readonly narrow?: (row: Row) => ReactNode;
  readonly narrowHeight?: number;
  /** Called when the end comes near. */
  readonly onEnd?: () => void;
  readonly footer?: ReactNode;
}

/** A line of the grid: a group's heading or a row. */
export type GridItem<Row> =
  | { readonly type: 'group'; readonly group: string; readonly rows: readonly Row[] }
  | { readonly type: 'row'; readonly row: Row; readonly id: string };
