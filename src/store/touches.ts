import { and, eq, gt } from 'drizzle-orm'
import type { Key } from '../protocols/adapter.ts'
import type { Database } from './database.ts'
import { touches } from './schema.ts'

/** Keys of a deployment that blocks above `ancestor` touched. */
export const orphanedTouches = (database: Database, deploymentId: number, ancestor: bigint): readonly Key[] =>
  database
    .selectDistinct({ key: touches.key })
    .from(touches)
    .where(and(eq(touches.deploymentId, deploymentId), gt(touches.blockNumber, Number(ancestor))))
    .all()
    .map(({ key }) => key)
