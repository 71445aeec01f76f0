// The OpenAPI document of the routes.
import { problemSchema } from './problem.ts'
import type { Route } from './route.ts'
import { component, componentSchemas, inputSchemaOf, schemaOf } from './schemas/components.ts'

const problem = component('Problem', problemSchema)

const TAGS = {
  status: 'How the daemon does',
  loans: 'Loans of the book, and of any account',
  liquidations: 'What can be liquidated, and what was',
  markets: 'Followed markets',
  history: 'The past',
  stream: 'What happens, as it happens',
  alerts: 'Alerts, who was told, and what is not to be told',
  watches: 'Who is watched',
} as const

const parametersOf = (place: 'query' | 'path', fields: Route['queryFields']) =>
  Object.entries(fields).map(([name, schema]) => {
    const { description, ...rest } = inputSchemaOf(schema)
    return {
      ...{ name, in: place, required: place === 'path' },
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })

const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: schemaOf(problem) } },
})

/** A file of JSON is a document of its own, any other is bytes. */
const fileSchema = (mediaType: string) =>
  mediaType === 'application/json'
    ? {}
    : { type: 'string', ...(mediaType.startsWith('text/') ? {} : { contentMediaType: mediaType }) }

const contentOf = ({ answer, answerType, files }: Route) =>
  files
    ? Object.fromEntries(
        files.map((mediaType) => [mediaType.split(';')[0] ?? '', { schema: fileSchema(mediaType) }]),
      )
    : { [answerType ?? 'application/json']: { schema: schemaOf(answer) } }

const responsesOf = (route: Route) => {
  const { status = 200, otherStatuses = {}, restsOn, scope, pathFields } = route
  const content = contentOf(route)
  const etag = { ETag: { description: 'Changes with what the answer rests on', schema: { type: 'string' } } }
  return {
    [status]: { description: 'The answer', ...(restsOn ? { headers: etag } : {}), content },
    ...Object.fromEntries(
      Object.entries(otherStatuses).map(([code, description]) => [code, { description, content }]),
    ),
    ...(restsOn ? { 304: { description: 'Nothing has changed since the answer with this ETag' } } : {}),
    400: problemResponse('The request is not valid: `faults` says where'),
    401: problemResponse('A token is needed, or not known'),
    403: problemResponse('This may not be done with this token'),
    ...(restsOn || Object.keys(pathFields).length > 0
      ? { 404: problemResponse('There is no such thing') }
      : {}),
    ...(scope === 'write' ? { 409: problemResponse('It cannot be done; `detail` says why') } : {}),
    ...(restsOn === 'chains' ? { 422: problemResponse('It would take too much work: narrow it') } : {}),
    429: problemResponse('Too many requests: `Retry-After` says when to ask again'),
    default: problemResponse('Something else is wrong'),
  }
}

const operationOf = (route: Route) => {
  const { method, path, tag, summary, description, bodySchema, scope } = route
  const words = path
    .replace('/v1/', '')
    .split(/[^A-Za-z]+/)
    .filter(Boolean)
  return {
    operationId: [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join(
      '',
    ),
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    parameters: [...parametersOf('path', route.pathFields), ...parametersOf('query', route.queryFields)],
    ...(bodySchema
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: inputSchemaOf(bodySchema) } },
          },
        }
      : {}),
    responses: responsesOf(route),
    security: [{ token: [scope] }],
  }
}

/** The document, OpenAPI 3.1. */
export const openApiDocument = (routes: readonly Route[], version: string) => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plimsoll',
      version,
      summary: 'How far every on-chain loan is from its liquidation line',
      description:
        'Integers that the chain knows (amounts, values, prices, health factors, block numbers) are decimal strings; timestamps are numbers in unix seconds; addresses are checksummed. Every answer over chains names its blocks and the age of what it says; what is older than its bound says `stale: true`. Lists page by cursor. Fields may be added.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of the section server of plimsoll.yaml; none where that has none',
        },
      },
    },
  }
}
