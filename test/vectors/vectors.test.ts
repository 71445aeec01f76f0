// Every committed vector against the adapters, a test per file; `npm run vectors -- test/vectors` tells more.
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFile, vectorPaths, vectorProtocols } from '../../scripts/vector-files.ts'

for (const protocol of vectorProtocols(import.meta.dirname))
  describe(protocol, () => {
    for (const path of vectorPaths(import.meta.dirname, protocol))
      test(basename(path), async () => {
        const { tallies, shown } = await checkFile(protocol, path)
        expect(shown).toEqual([])
        expect(tallies.filter(({ failed }) => failed > 0)).toEqual([])
      })
  })
