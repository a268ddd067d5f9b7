import { type LayoutInput, type LayoutResult, layoutLayered } from './layered-layout';

/** Lays out one graph after the other, away from the thread that draws. */
export interface LayoutRequest {
  readonly hash: string;
  readonly input: LayoutInput;
}

export interface LayoutAnswer {
  readonly hash: string;
  readonly layout: LayoutResult;
  /** Milliseconds that the layout itself took. */
  readonly computed: number;
}

interface Scope {
  onmessage: ((event: { readonly data: LayoutRequest }) => void) | null;
  postMessage(answer: LayoutAnswer): void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = ({ data: { hash, input } }) => {
  const start = performance.now();
  const layout = layoutLayered(input);
  scope.postMessage({ hash, layout, computed: performance.now() - start });
};
