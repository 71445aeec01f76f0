import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startAnvil } from './anvil.ts'
import { createRpc } from './rpc.ts'

it('ends with stop, which may be called twice', async () => {
  const anvil = await startAnvil({ chainId: 5 })
  expect(await createRpc(anvil.url).request('eth_chainId')).toBe('0x5')
  await anvil.stop()
  await anvil.stop()
  await expect(createRpc(anvil.url).request('eth_chainId')).rejects.toThrow()
})

it('ends when the process that started it is killed', async () => {
  const module = fileURLToPath(new URL('anvil.ts', import.meta.url))
  const script = `
    import { writeSync } from 'node:fs'
    const { startAnvil } = await import(${JSON.stringify(module)})
    const { url } = await startAnvil()
    const alive = await fetch(url, { method: 'POST', body: '{}' })
    writeSync(1, JSON.stringify({ url, alive: alive.status > 0 }))
    process.kill(process.pid, 'SIGKILL')
  `
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(run.signal).toBe('SIGKILL')
  const { url, alive } = JSON.parse(run.stdout)
  expect(alive).toBe(true)
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => 'answers',
          () => 'gone',
        ),
      { timeout: 5_000 },
    )
    .toBe('gone')
}, 20_000)

it('says what anvil said when it cannot start', async () => {
  await expect(startAnvil({ stateBlocksMax: -1 })).rejects.toThrow(
    /anvil ended before it was listening: .*-1/s,
  )
})
