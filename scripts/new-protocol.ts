// npx tsx scripts/new-protocol.ts NAME LABEL: the skeleton of an adapter. It says "unknown-revision" of every position until
// its maths is written; the conformance tests tell what is missing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const skeleton = join(import.meta.dirname, 'skeleton')
const REGISTRY = 'src/protocols/registry.ts'

const refuse = (problem: string): never => {
  console.error(
    `${problem}\nusage: npx tsx scripts/new-protocol.ts NAME LABEL, such as: compound-v3 "Compound III"`,
  )
  process.exit(2)
}

/** `compound-v3` → `compoundV3`. */
const identifierOf = (protocol: string): string =>
  protocol.replace(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase())

const isIdentifier = (text: string): boolean => {
  try {
    new Function(`'use strict'; const ${text} = 0`)
    return true
  } catch {
    return false
  }
}

const checked = (protocol: string | undefined, label: string | undefined): readonly [string, string] => {
  if (!protocol || !label?.trim()) return refuse('a protocol needs a name and a label')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(protocol))
    return refuse(
      `"${protocol}" is no name of a protocol: lower-case letters, digits and single dashes, as in aave-v3`,
    )
  if (/['"`\\$\n]/.test(label))
    return refuse('a label has no quotes, backslashes, dollar signs or line breaks')
  const identifier = identifierOf(protocol)
  if (!isIdentifier(identifier))
    return refuse(`"${protocol}" makes "${identifier}", which JavaScript keeps for itself`)
  if (new RegExp(`\\b${identifier}\\b`).test(readFileSync(join(root, REGISTRY), 'utf8')))
    return refuse(`"${protocol}" makes "${identifier}", which ${REGISTRY} has already`)
  return [protocol, label]
}

/** Every new file: its path, and the skeleton's file that it is made from. */
const filesOf = (protocol: string): readonly (readonly [path: string, from: string])[] => [
  [`abis/${protocol}.ts`, 'abi.ts.txt'],
  ...readdirSync(join(skeleton, 'adapter')).map(
    (file) => [`src/protocols/${protocol}/${file.replace(/\.txt$/, '')}`, `adapter/${file}`] as const,
  ),
]

/** Runs a command of this repository; what it says is for the user to see. */
const run = (command: string, ...args: readonly string[]): void => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}

const register = (protocol: string): void => {
  const identifier = identifierOf(protocol)
  const path = join(root, REGISTRY)
  const text = readFileSync(path, 'utf8')
  const registered = text.replace(/(registry: readonly Adapter\[\] = \[[^\]]*?),?\s*\]/, `$1, ${identifier}]`)
  if (registered === text) throw new Error(`${REGISTRY} has no array to add to`)
  writeFileSync(path, `import { ${identifier} } from './${protocol}/index.ts'\n${registered}`)
}

const [protocol, label] = checked(process.argv[2], process.argv[3])
const name = identifierOf(protocol)
const words = { protocol, label, name, Name: `${name.charAt(0).toUpperCase()}${name.slice(1)}` }
const files = filesOf(protocol)
const [taken] = [`src/protocols/${protocol}`, ...files.map(([path]) => path)].filter((path) =>
  existsSync(join(root, path)),
)
if (taken) refuse(`${taken} is there already`)

for (const [path, from] of files) {
  const text = readFileSync(join(skeleton, from), 'utf8')
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(
    join(root, path),
    text.replace(/\{\{(\w+)\}\}/g, (_, word: keyof typeof words) => words[word]),
  )
}
run(process.execPath, '--import', 'tsx', 'scripts/generate-deployments.ts', protocol)
register(protocol)
run(process.execPath, '--import', 'tsx', 'scripts/protocol-table.ts')
const made = [...files.map(([path]) => path), `src/protocols/${protocol}/deployments.ts`].sort()
const sources = made.filter((path) => path.endsWith('.ts'))
run(join('node_modules', '.bin', 'biome'), 'check', '--write', REGISTRY, ...sources)
console.log(`${made.join('\n')}\n${REGISTRY}: one line\nNext: CONTRIBUTING.md, "Add a protocol".`)
