// The style of DESIGN, held: layers, purity, sizes, nothing unused.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const LINES_MAX = 350
const FUNCTION_LINES_MAX = 70

/** In order: a file imports from its own layer or an earlier one. `client` goes out alone; `api`, `web` and `cli` are faces; the last starts the others, and the page runs in browsers. */
const layers = [
  'client',
  'units',
  'model',
  'chain',
  'protocols',
  'risk',
  'store',
  'monitor',
  'alerts',
  'app',
  'api',
  'web',
  'cli',
]
const pureLayers = ['units', 'model', 'protocols', 'risk']
const pureAlertFiles = /^src\/alerts\/(?!notifiers\/|deliver)/

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    if (name === 'node_modules') return []
    const path = join(folder, name)
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : /\.tsx?$/.test(path) ? [path] : []
  })

const sources = [...filesBelow('src'), ...filesBelow('abis')]
const all = [...sources, ...filesBelow('test'), ...filesBelow('scripts')]
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
/** How a protocol runs golden vectors, and where its deployments are from: not built, kept beside what they serve. What only they use is unused. */
const isBeside = (path: string): boolean =>
  /^src\/protocols\/(?:[^/]+\/)?(?:vectors|source)(?:\.ts$|\/)/.test(path)
const isTest = (path: string): boolean =>
  path.endsWith('.test.ts') || path.startsWith('test/') || isBeside(path)
const layerOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1]

type Import = { readonly from: string; readonly target: string; readonly names: readonly string[] }

const within = (path: string, target: string): string =>
  target.startsWith('.') ? relative(root, resolve(root, dirname(path), target)) : target

/** `(await import('./file.ts')).name`: what is loaded when it is asked for. */
const laterImportsOf = (path: string): Import[] =>
  [...read(path).matchAll(/\(await import\('([^']+)'\)\)\.(\w+)/g)].map(([, target = '', name = '']) => ({
    from: path,
    target: within(path, target),
    names: [name],
  }))

const importsOf = (path: string): Import[] => [
  ...laterImportsOf(path),
  ...[...read(path).matchAll(/(?:import|export)\s+(?:type\s+)?([^'";]*?)\s*from\s+'([^']+)'/g)].map(
    ([, clause = '', target = '']) => ({
      from: path,
      target: within(path, target),
      names: clause.includes('*')
        ? ['*']
        : clause
            .replace(/[{}]/g, ' ')
            .split(',')
            .map(
              (name) =>
                name
                  .trim()
                  .replace(/^type\s+/, '')
                  .split(/\s+as\s+/)[0] ?? '',
            )
            .filter(Boolean),
    }),
  ),
]

const imports = all.flatMap(importsOf)

describe('layers', () => {
  test('a file imports from its own layer or an earlier one', () => {
    const wrong = imports.filter(({ from, target }) => {
      const [own, other] = [layerOf(from), layerOf(target)]
      return (
        !isTest(from) &&
        own !== undefined &&
        other !== undefined &&
        layers.indexOf(other) > layers.indexOf(own)
      )
    })
    expect(wrong.map(({ from, target }) => `${from} → ${target}`)).toEqual([])
  })

  test('every folder of src is a layer', () => {
    expect(
      [...new Set(sources.map(layerOf).filter(Boolean))].filter((layer) => !layers.includes(layer ?? '')),
    ).toEqual([])
  })

  test('protocols never import chain', () => {
    const wrong = imports.filter(
      ({ from, target }) => layerOf(from) === 'protocols' && target.startsWith('src/chain'),
    )
    expect(wrong).toEqual([])
  })

  test('only protocols, abis and the registry name a protocol', () => {
    const protocols = readdirSync(join(root, 'src/protocols')).filter((name) => !name.endsWith('.ts'))
    const wrong = sources.filter(
      (path) =>
        !isTest(path) &&
        !path.startsWith('src/protocols/') &&
        !path.startsWith('abis/') &&
        protocols.some((name) =>
          imports.some(({ from, target }) => from === path && target.startsWith(`src/protocols/${name}/`)),
        ),
    )
    expect(wrong).toEqual([])
  })
})

describe('purity', () => {
  const isPure = (path: string): boolean =>
    pureLayers.includes(layerOf(path) ?? '') || pureAlertFiles.test(path)

  test('pure layers perform no I/O and read no clock', () => {
    const banned =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(|\bprocess\.|\bsetTimeout\(|\bsetInterval\(|from 'node:(?!crypto)/
    const wrong = sources.filter((path) => !isTest(path) && isPure(path) && banned.test(read(path)))
    expect(wrong).toEqual([])
  })

  test('no clock below app', () => {
    const below = layers.slice(0, layers.indexOf('app'))
    const wrong = sources.filter(
      (path) =>
        !isTest(path) &&
        below.includes(layerOf(path) ?? '') &&
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(read(path)),
    )
    expect(wrong).toEqual([])
  })

  test('no floats decide: pure layers use no Number arithmetic on amounts', () => {
    const wrong = sources.filter(
      (path) =>
        !isTest(path) && layerOf(path) === 'protocols' && /parseFloat|\bMath\.(?!min|max)/.test(read(path)),
    )
    expect(wrong).toEqual([])
  })

  test('no class but errors', () => {
    const wrong = sources.filter((path) =>
      [...read(path).matchAll(/^\s*(?:export )?class (\w+)/gm)].some(
        ([, name = '']) => !name.endsWith('Error'),
      ),
    )
    expect(wrong).toEqual([])
  })
})

describe('sizes', () => {
  test(`no file above ${LINES_MAX} lines`, () => {
    const wrong = all
      .filter(
        (path) => !/(?:deployments|generated)\.ts$/.test(path) && read(path).split('\n').length > LINES_MAX,
      )
      .map((path) => `${path}: ${read(path).split('\n').length}`)
    expect(wrong).toEqual([])
  })

  test(`no function above ${FUNCTION_LINES_MAX} lines`, () => {
    const wrong = sources
      .filter((path) => !isTest(path))
      .flatMap((path) => {
        const lines = read(path).split('\n')
        return lines.flatMap((line, start) => {
          if (
            !/^(?:export )?(?:const \w+.*=>\s*\{?$|const \w+ = (?:async )?\($|(?:async )?function)/.test(line)
          )
            return []
          const length =
            lines.slice(start).findIndex((rest) => /^[})]/.test(rest) && !/=>\s*[{(]$/.test(rest)) + 1
          return length > FUNCTION_LINES_MAX ? [`${path}:${start + 1} has ${length} lines`] : []
        })
      })
    expect(wrong).toEqual([])
  })
})

describe('nothing unused', () => {
  const entries =
    /^(src\/cli\/main\.ts|src\/api\/threads\/(?:stress|export|risk|survey)-worker\.ts|src\/index\.ts|src\/client\/client\.ts|src\/web\/main\.tsx|src\/protocols\/[^/]+\/(?:vectors|source)\.ts|scripts\/.*|test\/.*|.*\.test\.ts)$/

  test('every file is imported or an entry', () => {
    const imported = new Set(imports.map(({ target }) => target))
    expect(all.filter((path) => !entries.test(path) && !imported.has(path))).toEqual([])
  })

  test('every export of src and abis is used by another file that is no test', () => {
    const wrong = sources
      .filter((path) => !isTest(path))
      .flatMap((path) => {
        const names = [
          ...read(path).matchAll(/^export (?:const|type|class|function|async function|let) (\w+)/gm),
        ].map(([, name = '']) => name)
        const used = imports
          .filter(({ from, target }) => target === path && !from.endsWith('.test.ts') && !isBeside(from))
          .flatMap((one) => one.names)
        const unused = used.includes('*')
          ? []
          : names.filter(
              (name) =>
                !used.includes(name) &&
                !new RegExp(`\\b${name}\\b`, 'g').test(
                  read(path).replace(
                    new RegExp(`export (?:const|type|class|function|async function|let) ${name}\\b`),
                    '',
                  ),
                ),
            )
        return unused.map((name) => `${path}: ${name}`)
      })
    expect(wrong).toEqual([])
  })

  test('every dependency is used', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const used = imports.map(({ target }) => target)
    expect(
      Object.keys(dependencies).filter(
        (name) => !used.some((target) => target === name || target.startsWith(`${name}/`)),
      ),
    ).toEqual([])
  })
})

test('no machine path and no word about how the work is organised is committed', () => {
  const wrong = all.filter(
    (path) => path !== 'test/tidy.test.ts' && /\/work\/|\/root\/|\/tmp\/[a-z]/.test(read(path)),
  )
  expect(wrong).toEqual([])
})
