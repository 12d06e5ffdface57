import { Dialog } from '../design/dialog.tsx';
import type { ListRowFragment } from '../generated/graphql.ts';

export default function ListDialog({ onClose }: { list: ListRowFragment | null; onClose: () => void }) {
  return (
    <Dialog title="New list" onClose={onClose}>
      …
    </Dialog>
  );
}
