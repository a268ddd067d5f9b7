import { Component, type ReactNode } from 'react';
import { showToast } from '../components/toast';
import { isScriptGone } from './script-gone';

/** Keeps a dialog whose script cannot be loaded from taking the page with it. */
export class OverlayBoundary extends Component<
  { readonly children: ReactNode; readonly onClose: () => void },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: Error): void {
    showToast({
      kind: 'failure',
      title: isScriptGone(error) ? 'There is a new version of the dashboard' : 'This could not be opened',
      detail: isScriptGone(error) ? 'This tab has the one before, of which a part is gone.' : error.message,
      action: { text: 'Reload', run: () => location.reload() },
    });
    this.props.onClose();
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children;
  }
}
