// Schemas that answers share, by name.
import { z } from 'zod'

const registry = z.registry<{ readonly id: string }>()

/** Names a schema: answers refer to it. */
export const component = <S extends z.ZodType>(id: string, schema: S): S => {
  registry.add(schema, { id })
  return schema
}

const PREFIX = '#/components/schemas/'

type JsonSchema = Readonly<Record<string, unknown>>

/** Without what only documents of their own say of themselves. */
const bare = ({ $schema: _schema, $id: _id, ...schema }: JsonSchema): JsonSchema => schema

/** JSON Schemas (2020-12, as OpenAPI 3.1 has them) of everything that has a name, as it is sent. */
export const componentSchemas = (): Readonly<Record<string, JsonSchema>> => {
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `${PREFIX}${id}`, io: 'output' })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, opened(bare(schema)) as JsonSchema]),
  )
}

/** Objects may gain fields: nothing says that there are no others. */
const opened = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(opened)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'additionalProperties' && value === false))
      .map(([key, value]) => [key, opened(value)]),
  )
}

/** The schema of something that is sent, or a reference to it where it has a name. */
export const schemaOf = (schema: z.ZodType): JsonSchema => {
  const id = registry.get(schema)?.id
  if (id !== undefined) return { $ref: `${PREFIX}${id}` }
  return opened(bare(z.toJSONSchema(schema, { io: 'output' }) as JsonSchema)) as JsonSchema
}

/** The schema of something that is taken: before it is parsed. */
export const inputSchemaOf = (schema: z.ZodType): JsonSchema =>
  bare(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)
