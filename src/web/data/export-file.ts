// A table of the store as a file on the reader's own machine.
import type { ExportedQuery } from '../../client/client.ts'
import { api } from './api.ts'

type Options = {
  readonly signal: AbortSignal
  /** Hears how many bytes there are, as they come. */
  onBytes(count: number): void
}

/** The name that the answer gives its file. */
const nameOf = (response: Response): string =>
  /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'plimsoll'

/** Fetches it and hands it to the browser to keep. Throws where it is refused or cut off. */
export const saveExport = async (
  table: string,
  query: ExportedQuery,
  { signal, onBytes }: Options,
): Promise<void> => {
  const response = await api.value.exported(table, query, { signal })
  let count = 0
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        count += bytes.byteLength
        onBytes(count)
        controller.enqueue(bytes)
      },
    }),
  )
  const url = URL.createObjectURL(await new Response(counted ?? null).blob())
  const link = document.createElement('a')
  link.href = url
  link.download = nameOf(response)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
