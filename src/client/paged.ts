/** A page of a list: the cursor of the next one, null on the last. */
type Page = { readonly next: string | null }

/**
 * All pages of a list, one after the other, each asked for when it is wanted:
 * `for await (const { positions } of paged((page) => client.positions({ maxHealth: '1.1', ...page })))`.
 */
export async function* paged<P extends Page>(
  ask: (page: { readonly cursor?: string }) => Promise<P>,
): AsyncGenerator<P> {
  let page = await ask({})
  yield page
  while (page.next !== null) {
    page = await ask({ cursor: page.next })
    yield page
  }
}
