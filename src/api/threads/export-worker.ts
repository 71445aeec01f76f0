// A table as a file, in a thread of its own: a piece is made when one is asked for, so that a slow taker holds nothing but one piece.
import { once } from 'node:events'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { exported, exportTableNamed } from '../../app/export/export.ts'
import { messageOf } from '../../model/errors.ts'
import { openDatabaseReadonly } from '../../store/database.ts'
import type { ExportJob, ExportMessage } from './exports.ts'

const send = async (
  port: MessagePort,
  { storeFile, table: name, filter, format }: ExportJob,
): Promise<void> => {
  const table = exportTableNamed(name)
  if (!table) throw new Error(`there is no table ${name}`)
  const database = openDatabaseReadonly(storeFile)
  for await (const bytes of exported(database, { table, filter, format })) {
    // Of a part of a buffer, all of it would be sent along.
    const own = new Uint8Array(bytes)
    port.postMessage({ kind: 'bytes', bytes: own } satisfies ExportMessage, [own.buffer])
    await once(port, 'message')
  }
  database.$client.close()
  port.postMessage({ kind: 'end' } satisfies ExportMessage)
}

const run = async (port: MessagePort): Promise<void> => {
  try {
    await once(port, 'message')
    await send(port, workerData as ExportJob)
  } catch (error) {
    port.postMessage({ kind: 'failed', error: messageOf(error) } satisfies ExportMessage)
  }
  port.close()
}

if (parentPort) void run(parentPort)
