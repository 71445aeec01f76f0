// Tables as files over HTTP: some at a time, each made by a thread as fast as it is taken.
import { Worker } from 'node:worker_threads'
import type { ExportFormat } from '../../app/export/export.ts'
import type { Log } from '../../app/log.ts'
import { BaseError, messageOf } from '../../model/errors.ts'
import type { ExportFilter } from '../../store/export/table.ts'
import { ProblemError } from '../problem.ts'
import { workerFile } from './worker-file.ts'

/** Who takes nothing for so long is let go. */
const STALLED_MS_MAX = 60_000

/** What one thread may take of memory, in MiB: a row group of Parquet and a page of rows. */
const HEAP_MIB_MAX = 256

export type ExportJob = {
  readonly storeFile: string
  readonly table: string
  readonly filter: ExportFilter
  readonly format: ExportFormat
}

export type ExportMessage =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: string }

export type ExportsOptions = {
  readonly storeFile: string
  /** Exports at once. */
  readonly exportsMax: number
  readonly log: Log
}

export type Exports = {
  /** The bytes of a file; ends when `signal` aborts. Throws `ProblemError` where as many are under way as may be. */
  start(job: Omit<ExportJob, 'storeFile'>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /** Ends all that are under way. */
  close(): Promise<void>
}

/** The next word of a thread. Throws where it ends before that, or has failed. */
const nextOf = (worker: Worker): Promise<Exclude<ExportMessage, { kind: 'failed' }>> =>
  new Promise((done, fail) => {
    const listeners = {
      message: (message: ExportMessage): void => {
        settle(() => (message.kind === 'failed' ? fail(new BaseError(message.error)) : done(message)))
      },
      error: (error: unknown): void => settle(() => fail(error)),
      exit: (): void => settle(() => fail(new BaseError('it was ended before it was done'))),
    }
    const settle = (end: () => void): void => {
      for (const [name, listener] of Object.entries(listeners)) worker.off(name, listener)
      end()
    }
    for (const [name, listener] of Object.entries(listeners)) worker.on(name, listener)
    worker.postMessage('next')
  })

/** Threads that are under way; `end` ends one, once. */
type Threads = { readonly workers: Set<Worker>; end(worker: Worker): Promise<void> }

const createThreads = (): Threads => {
  const workers = new Set<Worker>()
  return {
    workers,
    end: async (worker) => {
      if (workers.delete(worker)) await worker.terminate()
    },
  }
}

/** The pieces of a thread as they are taken; the first one is there. */
const streamOf = (
  worker: Worker,
  first: ExportMessage,
  end: Threads['end'],
  onFailed: (error: unknown) => void,
): ReadableStream<Uint8Array> => {
  let stalled: NodeJS.Timeout | undefined
  let waiting: ExportMessage | undefined = first
  const over = async (): Promise<void> => {
    clearTimeout(stalled)
    await end(worker)
  }
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    clearTimeout(stalled)
    try {
      const message = waiting ?? (await nextOf(worker))
      waiting = undefined
      if (message.kind === 'bytes') {
        controller.enqueue(message.bytes)
        stalled = setTimeout(() => void end(worker), STALLED_MS_MAX)
      } else {
        await over()
        controller.close()
      }
    } catch (error) {
      await over()
      onFailed(error)
      controller.error(error)
    }
  }
  return new ReadableStream<Uint8Array>({ pull, cancel: over }, { highWaterMark: 0 })
}

/** Exports of the store at a path. */
export const createExports = ({ storeFile, exportsMax, log }: ExportsOptions): Exports => {
  const { workers, end } = createThreads()
  const start: Exports['start'] = async (job, signal) => {
    if (workers.size >= exportsMax)
      throw new ProblemError('unavailable', `${workers.size} exports are under way already`, {
        remedy: 'Wait for one to end, or raise server.exportsMax.',
        headers: { 'retry-after': '10' },
      })
    const worker = new Worker(workerFile('export-worker'), {
      workerData: { storeFile, ...job } satisfies ExportJob,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
    })
    workers.add(worker)
    signal.addEventListener('abort', () => void end(worker), { once: true })
    const { table } = job
    const onFailed = (error: unknown): void =>
      log.warn(
        { event: 'export-cut-off', table, error: messageOf(error) },
        `an export of ${table} was cut off`,
      )
    try {
      return streamOf(worker, await nextOf(worker), end, onFailed)
    } catch (error) {
      await end(worker)
      throw error
    }
  }
  return {
    start,
    close: async () => {
      await Promise.all([...workers].map(end))
    },
  }
}
