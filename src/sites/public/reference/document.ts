// The OpenAPI document as the reference reads it: one list of operations, in the order in which people look for them.
export { isOnce } from "../../base/index.ts"

export type Json = Readonly<Record<string, unknown>>

export interface Media {
  schema?: Json
  example?: unknown
}
export interface Parameter {
  name: string
  in: "path" | "query" | "header"
  required?: boolean
  description?: string
  schema?: Json
  example?: unknown
}
export interface Answer {
  description: string
  content?: Readonly<Record<string, Media>>
  headers?: Readonly<Record<string, { description?: string; schema?: Json }>>
  "x-error-codes"?: readonly string[]
}
export interface Operation {
  operationId: string
  summary: string
  description?: string
  tags: readonly string[]
  security: readonly Readonly<Record<string, readonly string[]>>[]
  parameters?: readonly Parameter[]
  requestBody?: { content: Readonly<Record<string, Media>> }
  responses: Readonly<Record<string, Answer>>
}
export interface Scheme {
  type: string
  in?: string
  name?: string
  description?: string
}
export interface ApiDocument {
  info: { version: string; description: string }
  servers: readonly { url: string }[]
  tags: readonly { name: string; description?: string }[]
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: { securitySchemes: Readonly<Record<string, Scheme>>; schemas: Readonly<Record<string, Json>> }
}

/** An operation with its address. */
export interface Named extends Operation {
  /** `POST`. */
  method: string
  /** `/v1/responses/{response}`. */
  path: string
}

/** By tag, then as the document has them. */
export function operationsOf(document: ApiDocument): Named[] {
  const order = document.tags.map(({ name }) => name)
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  )
  return all.toSorted((a, b) => order.indexOf(a.tags[0]!) - order.indexOf(b.tags[0]!))
}

/** Where it is told of. */
export const addressOf = ({ operationId }: Pick<Operation, "operationId">): string =>
  `/reference/${encodeURIComponent(operationId)}`
