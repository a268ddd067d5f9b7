import { token } from '../../components/canvas-colors';
import { statusColor } from '../../components/draw-mark';
import { useCanvas } from '../../components/use-canvas';
import type { LineageGraph } from './lineage-graph';
import styles from './lineage-page.module.css';
import type { View } from './lineage-view';

const width = 188;
const lowest = 44;
const highest = 132;

/** The whole graph in small, with what is in view; a press or drag moves the view. Keys and search do the same. */
export function LineageMinimap({
  graph,
  view,
  size,
  onMove,
}: {
  readonly graph: LineageGraph;
  readonly view: View;
  /** Of the canvas, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly onMove: (view: View) => void;
}) {
  const room = {
    width,
    height: Math.min(highest, Math.max(lowest, (graph.height * width) / graph.width)),
  };
  const scale = Math.min(room.width / graph.width, room.height / graph.height);
  const left = (room.width - graph.width * scale) / 2;
  const top = (room.height - graph.height * scale) / 2;
  const { ref } = useCanvas((context) => {
    for (const node of graph.nodes) {
      const quiet = node.status === 'success' || node.status === 'missing' || node.status === 'none';
      context.fillStyle = quiet ? token('--border-strong') : statusColor(node.status);
      context.fillRect(
        left + node.x * scale,
        top + node.y * scale,
        Math.max(1.5, node.width * scale),
        Math.max(1.5, node.height * scale),
      );
    }
    const x = left + (-view.x / view.scale) * scale;
    const y = top + (-view.y / view.scale) * scale;
    const right = Math.min(room.width - 1, x + (size.width / view.scale) * scale);
    const bottom = Math.min(room.height - 1, y + (size.height / view.scale) * scale);
    context.strokeStyle = token('--accent');
    context.lineWidth = 1.5;
    context.strokeRect(Math.max(1, x), Math.max(1, y), right - Math.max(1, x), bottom - Math.max(1, y));
  });
  const moveTo = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - box.left - left) / scale;
    const y = (event.clientY - box.top - top) / scale;
    onMove({ ...view, x: size.width / 2 - x * view.scale, y: size.height / 2 - y * view.scale });
  };
  return (
    <div className={styles.minimap} aria-hidden="true">
      <canvas
        ref={ref}
        style={room}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          moveTo(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons > 0) moveTo(event);
        }}
      />
    </div>
  );
}
