// The types of `plimsoll/client`, made of the API's OpenAPI document.

type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly pattern?: string
  readonly description?: string
}

type Parameter = {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly description?: string
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** What operations are called where their path makes no good name. */
const NAMES: Readonly<Record<string, string>> = {
  getMarketsId: 'market',
  getPositionsId: 'position',
  getPositionsIdState: 'positionState',
  getPositionsIdHistory: 'positionHistory',
  getAccountsAddress: 'account',
  getNamesName: 'resolveName',
  getExport: 'exports',
  getExportTable: 'exported',
  postStress: 'stress',
  postAlertsFingerprintAcknowledgement: 'acknowledge',
  getReceiversNameDead: 'deadLetters',
  postReceiversNameTest: 'testReceiver',
  postReceiversNameResend: 'resend',
  postSilences: 'silence',
  deleteSilencesId: 'endSilence',
  postWatches: 'watch',
  deleteWatchesAccount: 'unwatch',
}

const nameOf = ({ operationId }: Operation): string => {
  const bare = operationId.replace(/^get(?=[A-Z])/, '')
  return NAMES[operationId] ?? `${bare.charAt(0).toLowerCase()}${bare.slice(1)}`
}

const docOf = (...texts: readonly (string | undefined)[]): string => {
  const text = texts.flatMap((one) => (one ? [one.replaceAll('*/', '*\\/')] : [])).join('\n * ')
  if (text === '') return ''
  return text.includes('\n') ? `/**\n * ${text}\n */\n` : `/** ${text} */\n`
}

const fieldName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))

const joined = (schemas: readonly Schema[]): string => [...new Set(schemas.map(typeOf))].join(' | ')

/** Fields beyond those that are named may be anything. */
const objectOf = ({ properties = {}, required = [], additionalProperties }: Schema): string => {
  const fields = Object.entries(properties).map(
    ([name, schema]) =>
      `${docOf(schema.description)}readonly ${fieldName(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  if (typeof additionalProperties === 'object' && fields.length === 0)
    return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`
  if (additionalProperties !== undefined && additionalProperties !== false)
    fields.push('readonly [field: string]: unknown')
  return fields.length === 0 ? 'Readonly<Record<string, unknown>>' : `{\n${fields.join('\n')}\n}`
}

/** A schema as a type. Hex is what viem takes for it. */
const typeOf = (schema: Schema): string => {
  const { $ref, anyOf, oneOf, items, prefixItems } = schema
  if ($ref) return $ref.slice($ref.lastIndexOf('/') + 1)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (anyOf ?? oneOf) return joined(anyOf ?? oneOf ?? [])
  const { type } = schema
  if (Array.isArray(type)) return joined(type.map((one) => ({ ...schema, type: one })))
  switch (type) {
    case 'string':
      return schema.pattern?.startsWith('^0x') ? `\`0x\${string}\`` : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
    case 'null':
      return type
    case 'array':
      return prefixItems
        ? `readonly [${prefixItems.map(typeOf).join(', ')}]`
        : `readonly (${items ? typeOf(items) : 'unknown'})[]`
    case 'object':
      return objectOf(schema)
    case undefined:
      return 'unknown'
    default:
      throw new Error(`a schema has the type ${type}`)
  }
}

/** What a parameter takes: the client writes it down as the query has it. */
const givenType = ({ enum: values }: Schema): string => {
  if (!values) return 'Text'
  return values.join() === 'true,false' ? 'boolean' : values.map((value) => JSON.stringify(value)).join(' | ')
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

const queryOf = (operation: Operation): string => {
  const fields = operation.parameters.filter((one) => one.in === 'query')
  if (fields.length === 0) return ''
  const lines = fields.map(
    ({ name, description, schema }) =>
      `${docOf(description)}readonly ${fieldName(name)}?: ${givenType(schema)} | undefined`,
  )
  return `export type ${capital(nameOf(operation))}Query = {\n${lines.join('\n')}\n}\n`
}

const bodySchema = ({ requestBody }: Operation): Schema | undefined =>
  requestBody?.content['application/json']?.schema

const bodyOf = (operation: Operation): string => {
  const schema = bodySchema(operation)
  return schema ? `export type ${capital(nameOf(operation))}Body = ${typeOf(schema)}\n` : ''
}

type Answer = { readonly type: string; readonly as: 'json' | 'file' }

/** What an operation answers; undefined where it goes on. What comes in several forms, or is no JSON, is a file. */
const answerOf = ({ responses }: Operation): Answer | undefined => {
  const content = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content ?? {}
  const [[form, answer]] = Object.entries(content) as [[string, Content[string]]]
  if (form === 'text/event-stream') return undefined
  return form === 'application/json'
    ? { type: typeOf(answer.schema), as: 'json' }
    : { type: 'Response', as: 'file' }
}

const kindOf = (operation: Operation): 'body' | 'query' | 'none' =>
  bodySchema(operation) ? 'body' : operation.parameters.some((one) => one.in === 'query') ? 'query' : 'none'

const methodOf = (operation: Operation, answer: Answer, http: string): string => {
  const name = nameOf(operation)
  const kind = kindOf(operation)
  const given = operation.parameters.flatMap((one) => (one.in === 'path' ? [`${one.name}: Text`] : []))
  if (kind === 'body') given.push(`body: ${capital(name)}Body`)
  if (kind === 'query') given.push(`query?: ${capital(name)}Query`)
  given.push('options?: CallOptions')
  const doc = docOf(`${operation.summary}. \`${http}\``, operation.description)
  return `${doc}${name}(${given.join(', ')}): Promise<${answer.type}>`
}

/** The source of the client's types: answers, questions, and one method for every operation but the stream. */
export const clientTypes = ({ paths, components }: Document): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const answered = operations.flatMap(({ path, method, operation }) => {
    const answer = answerOf(operation)
    return answer ? [{ path, method, operation, answer }] : []
  })
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${docOf(schema.description)}export type ${name} = ${typeOf(schema)}\n`,
  )
  const asked = operations.map(({ operation }) => `${queryOf(operation)}${bodyOf(operation)}`)
  const methods = answered.map(({ path, method, operation, answer }) =>
    methodOf(operation, answer, `${method} ${path}`),
  )
  const endpoints = answered.map(({ path, method, operation, answer }) => {
    const takes = kindOf(operation)
    const statuses = Object.entries(operation.responses).flatMap(([status, { content }]) =>
      content?.['application/json'] ? [status] : [],
    )
    const fields = [`takes: '${takes}'`, `answers: '${answer.as}'`, `statuses: [${statuses.join(', ')}]`]
    return `${nameOf(operation)}: { method: '${method}', path: '${path}', ${fields.join(', ')} },`
  })
  return [
    '// Made by `npm run client` of the OpenAPI document: not to be edited.',
    "import type { CallOptions, Endpoint, Text } from './calling.ts'\n",
    ...schemas,
    ...asked.filter(Boolean),
    `/** The API, one method for every operation. */\nexport type Api = {\n${methods.join('\n')}\n}\n`,
    `export const endpoints: Readonly<Record<keyof Api, Endpoint>> = {\n${endpoints.join('\n')}\n}\n`,
  ].join('\n')
}
