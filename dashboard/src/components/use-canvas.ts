import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { onThemeChange } from './preferences';

export type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/**
 * Draws on a canvas that follows its box's size, the screen's density, the theme and the fonts.
 * Returns the canvas ref and a function that asks for a redraw in the next frame.
 */
export function useCanvas(draw: Draw): { ref: RefObject<HTMLCanvasElement | null>; redraw: () => void } {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const frame = useRef(0);

  const paint = useCallback(() => {
    frame.current = 0;
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const density = devicePixelRatio || 1;
    const pixelWidth = Math.round(width * density);
    const pixelHeight = Math.round(height * density);
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    latest.current(context, width, height);
  }, []);

  const redraw = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(paint);
  }, [paint]);

  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    const stop = onThemeChange(redraw);
    void document.fonts?.ready.then(redraw);
    return () => {
      observer.disconnect();
      stop();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [paint, redraw]);

  useEffect(redraw);
  return { ref, redraw };
}
