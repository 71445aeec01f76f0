import { useEffect, useState } from 'preact/hooks'
import { CheckIcon, CopyIcon } from './icons.tsx'

const SHOWN_MS = 1_500

type Props = { readonly text: string; readonly what: string; readonly label?: string }

/** Copies a text, and says so. */
export const Copy = ({ text, what, label }: Props) => {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => setDone(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isDone])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setDone(true)
  }
  return (
    <button
      class={label ? 'button' : 'icon-button'}
      type="button"
      title={`copy ${what}`}
      aria-label={isDone ? 'copied' : `copy ${what}`}
      onClick={() => void copy()}
    >
      {isDone ? <CheckIcon /> : <CopyIcon />}
      {label ? (isDone ? 'Copied' : label) : null}
    </button>
  )
}
