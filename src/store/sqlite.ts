// SQLite for the Node that runs: no one version of better-sqlite3 is for all of them.
import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

const load = createRequire(import.meta.url)

/** From 13 on better-sqlite3 rests on Node-API 10, which Node 20 has not. */
const NODE_API_MIN = 10

/**
 * Before 13 it is compiled against Node's own classes, and ends a process of Node 24.19 or later whenever a statement is collected while nothing runs
 * (WiseLibs/better-sqlite3#1515). An installation made by Node 20 has no other.
 */
const packageName = (): string => {
  if (Number(process.versions['napi']) < NODE_API_MIN) return 'better-sqlite3'
  try {
    load.resolve('better-sqlite3-13')
    return 'better-sqlite3-13'
  } catch {
    return 'better-sqlite3'
  }
}

/** Opens databases. */
export const SQLite = load(packageName()) as typeof BetterSqlite3
