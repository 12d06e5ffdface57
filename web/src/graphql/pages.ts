import type { FieldPolicy, Reference } from '@apollo/client';

interface Edge {
  readonly __typename: string;
  readonly cursor?: string;
  readonly node: Reference;
}

/** A connection in the cache. Queries for counts have no edges. */
export interface Pages {
  readonly __typename: string;
  readonly edges?: readonly Edge[];
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number;
}

/**
 * Joins the pages of a connection to one list for each combination of these arguments. Counts, which use `first: 1`, are cached
 * separately, because they would replace the pages.
 */
export function pagesPolicy(keyArgs: false | string[]): FieldPolicy<Pages> {
  return {
    keyArgs: (args) => (args?.first === 1 ? [...(keyArgs || []), 'first'] : keyArgs),
    merge: (existing, incoming, { args }) => joinPages(existing, incoming, typeof args?.after === 'string'),
    read: (existing, { canRead }) =>
      existing?.edges ? { ...existing, edges: existing.edges.filter(({ node }) => canRead(node)) } : existing,
  };
}

/** The cursor for the next page; null: there is none. */
export function nextCursor(connection: Pick<Pages, 'pageInfo'> | null | undefined): string | null {
  return connection?.pageInfo?.hasNextPage ? connection.pageInfo.endCursor : null;
}

/** Appends a further page. A first page replaces the beginning, and keeps what was loaded after it. */
export function joinPages(existing: Pages | undefined, incoming: Pages, isFurther: boolean): Pages {
  if (!existing?.edges || !incoming.edges) return { ...existing, ...incoming };
  const fresh = new Set(incoming.edges.map(({ node }) => node.__ref));
  const others = existing.edges.filter(({ node }) => !fresh.has(node.__ref));
  if (isFurther) return { ...existing, ...incoming, edges: [...others, ...incoming.edges] };
  if (!incoming.pageInfo?.hasNextPage) return { ...existing, ...incoming };
  const last = incoming.edges.at(-1)?.node.__ref;
  const end = existing.edges.findIndex(({ node }) => node.__ref === last);
  const tail = end < 0 ? [] : existing.edges.slice(end + 1).filter(({ node }) => !fresh.has(node.__ref));
  const pageInfo = tail.length > 0 ? (existing.pageInfo ?? incoming.pageInfo) : incoming.pageInfo;
  return { ...existing, ...incoming, edges: [...incoming.edges, ...tail], pageInfo };
}
