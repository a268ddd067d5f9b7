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
  /** The headings that a row stands under, the outermost first; makes a tree of the grid, instead of `groupOf`. */
  readonly pathOf?: ((row: Row) => readonly string[]) | undefined;
  /** What stands beside a heading, of all rows under it. */
  readonly groupDetail?: (rows: readonly Row[]) => ReactNode;
  /** Headings whose rows are left out, where the page keeps them; by default the grid does. */
  readonly closed?: ReadonlySet<string>;
  readonly onClosed?: (closed: ReadonlySet<string>) => void;
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
  | {
      readonly type: 'group';
      readonly group: string;
      readonly title: string;
      /** How many headings it stands under. */
      readonly depth: number;
      readonly rows: readonly Row[];
    }
  | { readonly type: 'row'; readonly row: Row; readonly id: string; readonly depth: number };
