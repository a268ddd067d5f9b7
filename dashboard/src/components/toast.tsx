import { type ReactNode, useSyncExternalStore } from 'react';
import { Button } from './button';
import type { StatusKind } from './status';
import { StatusIcon } from './status-icon';
import styles from './toast.module.css';

export interface Toast {
  readonly kind: StatusKind;
  readonly title: string;
  readonly detail?: ReactNode;
  readonly action?: { readonly text: string; readonly run: () => void };
}

interface ShownToast extends Toast {
  readonly id: number;
}

/** Ms that a toast stays; errors stay until closed. */
const lifetime = 6_000;
let toasts: readonly ShownToast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly ShownToast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}

/** Shows what an action did, or why it did not. */
export function showToast(toast: Toast): void {
  const id = nextId++;
  publish([...toasts.slice(-3), { ...toast, id }]);
  if (toast.kind !== 'failure') setTimeout(() => dismiss(id), lifetime);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className={styles.region} aria-label="Messages" aria-live="polite">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onClose={() => dismiss(toast.id)} />
      ))}
    </section>
  );
}

export function ToastCard({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) {
  return (
    <div className={styles.toast}>
      <StatusIcon kind={toast.kind} />
      <div className="grow">
        <div className="strong">{toast.title}</div>
        {toast.detail && <div className="t2">{toast.detail}</div>}
      </div>
      {toast.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            toast.action?.run();
            onClose();
          }}
        >
          {toast.action.text}
        </button>
      )}
      <Button look="ghost" small icon="close" aria-label="Close message" onClick={onClose} />
    </div>
  );
}
