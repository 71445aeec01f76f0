import type { ComponentChildren } from 'preact'
import type { Answer } from '../data/use-answer.ts'
import { Fault, Waiting } from './notes.tsx'

type Props<T> = {
  readonly answer: Answer<T>
  readonly height?: number
  children(data: T): ComponentChildren
}

/** An answer where it is there, else what is known of it: on its way, or why not. */
export const Answered = <T,>({ answer, height, children }: Props<T>) => {
  const { data, error, again } = answer
  if (data !== undefined)
    return (
      <>
        {error ? <Fault error={error} again={again} /> : null}
        {children(data)}
      </>
    )
  if (error) return <Fault error={error} again={again} />
  return <Waiting {...(height === undefined ? {} : { height })} />
}
