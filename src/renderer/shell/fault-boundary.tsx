import { Component, type ReactNode } from "react";
import { Button } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";

interface FaultBoundaryProps {
  readonly children: ReactNode;
  /** Leaves what failed. */
  readonly onLeave: () => void;
}

/** Keeps a view or dialog that cannot be loaded or shown from taking the streams along. */
export class FaultBoundary extends Component<FaultBoundaryProps, { readonly fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <Dialog title="This could not be shown" onClose={this.props.onLeave}>
        <div className="empty">
          <p>The streams go on. Once the connection is back, load the page anew and open it again.</p>
          <p className="field-hint">{fault}</p>
          <div className="empty-actions">
            <Button look="solid" icon="again" onClick={() => window.location.reload()}>
              Load the page anew
            </Button>
            <Button look="outline" onClick={this.props.onLeave}>
              Back to the streams
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
}
