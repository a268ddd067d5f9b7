import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { token } from '../../components/canvas-colors';
import { formatCount } from '../../components/format/number';
import { formatTime } from '../../components/format/time';
import { onThemeChange } from '../../components/preferences';
import { useZone } from '../../components/time';
import styles from './asset-page.module.css';
import { expectedBand, type MetadataPoint } from './metadata-series';

/** One numeric metadata entry over its materializations; band = expected range; only outliers get marks. */
export default function MetadataPlot({
  points,
  label,
  isByPartition,
}: {
  readonly points: readonly MetadataPoint[];
  readonly label: string;
  /** One step per partition along the axis, instead of time. */
  readonly isByPartition: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const zone = useZone();
  const data = useMemo(() => {
    const band = expectedBand(points.map((point) => point.value));
    return {
      x: points.map((point, index) => (isByPartition ? index : point.at / 1_000)),
      y: points.map((point) => point.value),
      low: band.map((each) => each?.low ?? null),
      high: band.map((each) => each?.high ?? null),
      outliers: points.map((point, index) => {
        const each = band[index];
        return each && (point.value < each.low || point.value > each.high) ? point.value : null;
      }),
    };
  }, [points, isByPartition]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      const axis = {
        stroke: token('--text-3'),
        grid: { stroke: token('--viz-grid'), width: 1 },
        ticks: { show: false },
        font: "11px 'Inter Variable', system-ui, sans-serif",
      };
      plot = new uPlot(
        {
          width: element.clientWidth,
          height: 168,
          legend: { show: false },
          cursor: { y: false, points: { size: 7 } },
          scales: { x: { time: !isByPartition } },
          axes: [
            {
              ...axis,
              values: (_, ticks) =>
                ticks.map((at) =>
                  isByPartition
                    ? (points[at]?.partition ?? '')
                    : formatTime(at * 1_000, { zone, now: Date.now() }),
                ),
              space: isByPartition ? 120 : 90,
              ...(isByPartition ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] } : {}),
              size: 30,
            },
            { ...axis, values: (_, ticks) => ticks.map((value) => formatCount(value)), size: 58 },
          ],
          bands: [{ series: [1, 2], fill: token('--viz-band') }],
          series: [
            {},
            { stroke: 'transparent', points: { show: false } },
            { stroke: 'transparent', points: { show: false } },
            { stroke: token('--viz-1'), width: 1.6, points: { show: points.length < 3 } },
            {
              stroke: token('--st-warn'),
              paths: () => null,
              points: { show: true, size: 9, fill: token('--st-warn') },
            },
          ],
        },
        [data.x, data.high, data.low, data.y, data.outliers],
        element,
      );
    };
    draw();
    const observer = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: 168 }));
    observer.observe(element);
    const stop = onThemeChange(() => requestAnimationFrame(draw));
    return () => {
      observer.disconnect();
      stop();
      plot?.destroy();
    };
  }, [data, zone, points, isByPartition]);
  const last = points.at(-1);
  return (
    <div
      ref={box}
      className={styles.plot}
      role="img"
      aria-label={`${label}: ${points.length} values${last ? `, the last ${formatCount(last.value)}` : ''}. The table has them all.`}
    />
  );
}
