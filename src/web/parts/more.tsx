import type { Pages } from '../data/use-pages.ts'

/** Asks for one more page of a list; nothing where all of it is there. */
export const More = ({
  pages: { hasMore, more },
}: {
  readonly pages: Pick<Pages<unknown>, 'hasMore' | 'more'>
}) =>
  hasMore ? (
    <p class="actions">
      <button class="button" type="button" onClick={more}>
        Show more
      </button>
    </p>
  ) : null
