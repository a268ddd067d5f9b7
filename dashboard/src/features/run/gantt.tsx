import { Button } from '../../components/button';
import { Legend } from '../../components/legend';
import { Segmented } from '../../components/segmented';
import { TextInput } from '../../components/text-input';
import styles from './gantt.module.css';
import { Chart } from './gantt-chart';
import { ganttLegend } from './gantt-legend';
import type { GanttProps } from './gantt-props';
import { StepTable } from './gantt-table';
import { stepStatusWords } from './select-steps';

/** Steps over time: a list of steps beside a canvas; waits, tries and the present. */
export function Gantt(props: GanttProps) {
  const { layout, zoom, onZoom } = props;
  const zoomBy = (factor: number, at = 0.5) => {
    const [from, to] = zoom ?? [0, 1];
    const width = Math.min(1, Math.max(0.005, (to - from) * factor));
    const center = from + (to - from) * at;
    const start = Math.min(1 - width, Math.max(0, center - width * at));
    onZoom(width >= 1 ? undefined : [start, start + width]);
  };
  return (
    <section className={styles.gantt} aria-label="Steps over time">
      <div className={styles.bar}>
        <TextInput
          label="Select steps"
          icon="filter"
          placeholder="Select steps, e.g. *mart_issue_health"
          title={`Parts of names, apart by spaces. *step all before it, step* all after it, + one step more; ${Object.keys(
            stepStatusWords,
          )
            .map((word) => `status:${word}`)
            .join(', ')}`}
          className={styles.select}
          value={props.selection}
          invalid={props.selectionProblem !== undefined}
          onChange={(event) => props.onSelection(event.target.value)}
          after={
            props.selectionProblem ? (
              <span className={styles.problem} role="status">
                {props.selectionProblem}
              </span>
            ) : undefined
          }
        />
        {props.selection !== '' && (
          <Button
            look="ghost"
            small
            aria-pressed={!props.showsOthers}
            onClick={() => props.onShowsOthers(!props.showsOthers)}
          >
            Hide others
          </Button>
        )}
        <Segmented
          label="Order steps by"
          value={props.order}
          options={[
            { value: 'time', text: 'Time' },
            { value: 'plan', text: 'Plan' },
            { value: 'flat', text: 'Flat' },
          ]}
          onChange={props.onOrder}
        />
        <span className="push" />
        <span className={styles.legend}>
          <Legend entries={ganttLegend(layout)} />
        </span>
        {!props.asTable && layout.axis === 'time' && (
          <span className="row wide-only">
            <Button
              look="ghost"
              small
              icon="minus"
              aria-label="Zoom out"
              disabled={!zoom}
              onClick={() => zoomBy(1.6)}
            />
            <Button look="ghost" small icon="plus" aria-label="Zoom in" onClick={() => zoomBy(1 / 1.6)} />
            <Button
              look="ghost"
              small
              icon="fit"
              aria-label="Show all"
              disabled={!zoom}
              onClick={() => onZoom(undefined)}
            />
          </span>
        )}
        <Button
          look="ghost"
          small
          icon="table"
          aria-pressed={props.asTable}
          onClick={() => props.onAsTable(!props.asTable)}
        >
          {props.asTable ? 'Chart' : 'Table'}
        </Button>
      </div>
      {props.asTable ? <StepTable {...props} /> : <Chart {...props} rows={layout.rows} onZoomBy={zoomBy} />}
    </section>
  );
}
