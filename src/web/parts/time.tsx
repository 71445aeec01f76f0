import { momentExact, momentText } from '../format/times.ts'

/** A moment, unix seconds: as this browser writes it, exactly on hover. */
export const Moment = ({ at }: { readonly at: number }) => (
  <time dateTime={momentExact(at)} title={momentExact(at)}>
    {momentText(at)}
  </time>
)
