import { Component, type ReactNode } from 'react';
import { ErrorState } from './panel-states';

/** Keeps what breaks while drawing inside its panel. */
export class PanelBoundary extends Component<
  { readonly title: string; readonly children: ReactNode },
  { readonly error: Error | undefined }
> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <ErrorState
        title={this.props.title}
        error={error}
        onRetry={() => this.setState({ error: undefined })}
      />
    );
  }
}
