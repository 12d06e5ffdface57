import { Link } from '../navigation/link.tsx';
import { Entrance } from '../sign-in/entrance.tsx';

/** For a link that was cut short, or a page that was loaded again. */
export function IncompleteLink({ title }: { title: string }) {
  return (
    <Entrance title={title} other={<Link href="/">To the start page</Link>}>
      <p role="alert">This link is incomplete. Open it from the e-mail again, or copy all of it.</p>
    </Entrance>
  );
}
