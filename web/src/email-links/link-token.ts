import { useEffect, useState } from 'react';

/**
 * The token of a link from an e-mail, which is in the fragment of the URL, so that no server's log and no other site gets
 * it. It is taken out of the address, and so of the browser's history. Null if there is none.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(readToken);
  useEffect(() => {
    const take = () => {
      const found = readToken();
      if (found === null) return;
      setToken(found);
      history.replaceState(null, '', location.pathname + location.search);
    };
    take();
    // Another link that is opened in this tab does not load the page again.
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return token;
}

const readToken = (): string | null => new URLSearchParams(location.hash.slice(1)).get('token') || null;
