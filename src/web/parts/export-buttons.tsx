// What is shown as a file, for other programs.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ExportedQuery } from '../../client/client.ts'
import { saveExport } from '../data/export-file.ts'
import { countText } from '../format/numbers.ts'
import { Fault } from './notes.tsx'

const FORMATS = [
  { format: 'csv', name: 'CSV' },
  { format: 'json', name: 'JSON' },
  { format: 'parquet', name: 'Parquet' },
] as const

type Props = {
  readonly table: string
  /** What the table is narrowed by. */
  readonly query: Omit<ExportedQuery, 'format'>
  /** What the file is of, after "Export". */
  readonly what: string
}

/** Saves the table in a format, as narrow as what is shown. */
export const ExportButtons = ({ table, query, what }: Props) => {
  const [bytes, setBytes] = useState<number>()
  const [error, setError] = useState<Error>()
  const running = useRef<AbortController | undefined>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const save = async (format: 'csv' | 'json' | 'parquet'): Promise<void> => {
    running.current = new AbortController()
    const { signal } = running.current
    setError(undefined)
    setBytes(0)
    try {
      await saveExport(table, { ...query, format }, { signal, onBytes: setBytes })
    } catch (fault) {
      if (!signal.aborted) setError(fault as Error)
    }
    setBytes(undefined)
  }
  return (
    <div class="exports">
      <span class="soft small">Export {what}:</span>
      {bytes === undefined ? (
        FORMATS.map(({ format, name }) => (
          <button key={format} class="button" type="button" onClick={() => void save(format)}>
            {name}
          </button>
        ))
      ) : (
        <>
          <span role="status">{countText(Math.ceil(bytes / 1_000))} kB</span>
          <button class="button" type="button" onClick={() => running.current?.abort()}>
            Cancel
          </button>
        </>
      )}
      {error ? <Fault error={error} /> : null}
    </div>
  )
}
