import { Component, type ReactNode } from 'react';

/** Shows an error message if the page fails to render. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="entrance">
        <div className="entrance-card" role="alert">
          <h1>Something went wrong</h1>
          <p>Your tasks are safe on the server. Reloading the page usually helps.</p>
          <button type="button" className="button button-strong" onClick={() => location.assign('/')}>
            Reload
          </button>
        </div>
      </main>
    );
  }
}
