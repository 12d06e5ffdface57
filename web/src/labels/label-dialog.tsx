import { Dialog } from '../design/dialog.tsx';
import type { LabelRowFragment } from '../generated/graphql.ts';

export default function LabelDialog({ onClose }: { label: LabelRowFragment | null; onClose: () => void }) {
  return (
    <Dialog title="New label" onClose={onClose}>
      …
    </Dialog>
  );
}
