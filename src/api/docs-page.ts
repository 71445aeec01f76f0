// The OpenAPI document as a page for people: one file, nothing loaded from elsewhere, no script.
import type { Route } from './route.ts'
import { inputSchemaOf, schemaOf } from './schemas/components.ts'

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`).replace(/`([^`]+)`/g, '<code>$1</code>')

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2b3c;background:#fff}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow:auto;background:#f3f6f9;padding:1rem}
h2{margin-top:3rem;border-bottom:1px solid #cdd7e0}h3{margin-top:2rem}.m{display:inline-block;min-width:4.5rem;font-weight:600}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #e3e9ee}
summary{cursor:pointer}@media(prefers-color-scheme:dark){body{background:#10161c;color:#d6e0ea}pre{background:#1a232c}td,th,h2{border-color:#2c3844}a{color:#8ec5ff}}`

type Schema = {
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
}

const rowOf = (place: string, name: string, schema: Schema): string => {
  const { description = '', default: usual, enum: values } = schema
  const choice = values ? ` One of ${values.map((value) => `\`${String(value)}\``).join(', ')}.` : ''
  const unless = usual === undefined ? '' : ` \`${String(usual)}\` unless told.`
  return `<tr><td><code>${escaped(name)}</code></td><td>${place}</td><td>${escaped(`${description}${choice}${unless}`)}</td></tr>`
}

const refNames = (node: unknown): readonly string[] => {
  const names = [...JSON.stringify(node).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names)]
}

const linksTo = (names: readonly string[]): string =>
  names.map((name) => `<a href="#${name}"><code>${name}</code></a>`).join(', ')

const routeHtml = (route: Route): string => {
  const { method, path, summary, description, scope, queryFields, pathFields, bodySchema, answer, example } =
    route
  const rows = [
    ...Object.entries(pathFields).map(([name, schema]) => rowOf('path', name, inputSchemaOf(schema))),
    ...Object.entries(queryFields).map(([name, schema]) => rowOf('query', name, inputSchemaOf(schema))),
  ]
  const body = bodySchema
    ? `<details><summary>body</summary><pre>${escaped(JSON.stringify(inputSchemaOf(bodySchema), null, 2))}</pre></details>`
    : ''
  return [
    `<h3 id="${method}${path}"><span class="m">${method}</span><code>${escaped(path)}</code></h3>`,
    `<p>${escaped(summary)}${scope === 'write' ? ' <em>Needs a token that may write.</em>' : ''}</p>`,
    description ? `<p>${escaped(description)}</p>` : '',
    example ? `<pre>${escaped(example)}</pre>` : '',
    rows.length > 0 ? `<table>${rows.join('')}</table>` : '',
    body,
    `<p>Answers ${linksTo(refNames(schemaOf(answer)))}.</p>`,
  ].join('\n')
}

type Document = {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

/** The page. */
export const docsPage = (document: Document, routes: readonly Route[]): string => {
  const { info, tags, components } = document
  const sections = tags.map(
    ({ name, description }) =>
      `<h2>${escaped(description)}</h2>${routes
        .filter(({ tag }) => tag === name)
        .map(routeHtml)
        .join('\n')}`,
  )
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="${name}"><summary><code>${name}</code></summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${info.title} API</title><style>${STYLE}</style></head><body>
<h1>${info.title} API <small>${info.version}</small></h1>
<p>${escaped(info.description)}</p>
<p>For programs: <a href="openapi.json"><code>openapi.json</code></a>. Faults are RFC 9457 problem details. Metrics for Prometheus: <code>/metrics</code>. <code>/healthz</code> answers without a token: 200, or 503 where <code>/v1/status</code> is red. Tokens go in <code>Authorization: Bearer TOKEN</code>.</p>
${sections.join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}
</body></html>
`
}
