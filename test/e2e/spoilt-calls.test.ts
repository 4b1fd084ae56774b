// Every operation of the OpenAPI document with the example that it gives, twice, and then with one member at a time in place of which stands
// what nobody means. Whatever is answered, it is never an error of ours.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Named, openReferenceWorld, operationsOf, type ReferenceWorld, readDocument } from "./reference-world.ts"

const SPOILT = ["", "\0", "a\0b", " ", "9".repeat(400), "-0", null, {}, [null], [""], -1, 1e308, true] as const
/** Of a path and a query, where all is text. */
const TEXTS = ["0", "-1", "é\u{1f327}", "9".repeat(400), "..", "a b"] as const

let world: ReferenceWorld
let operations: Named[]
beforeAll(async () => {
  world = await openReferenceWorld()
  operations = operationsOf(await readDocument(world.server.url))
})
afterAll(() => world.server.close())

interface Call {
  path: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown> | null
}

/** As the document shows it, with the things of this world in it. */
async function exampleOf(operation: Named): Promise<Call> {
  const at = (place: string) =>
    Object.fromEntries(
      (operation.parameters ?? []).flatMap(({ in: where, name, example }) =>
        where === place ? [[name, String(example ?? "x")]] : [],
      ),
    )
  const body = operation.requestBody?.content["application/json"]?.example ?? null
  return JSON.parse(await world.here(operation, JSON.stringify({ path: at("path"), query: {}, body }))) as Call
}

/** One change each. */
function* changesOf(operation: Named, call: Call): Generator<Call> {
  const pick = <T>(from: readonly T[], count: number): T[] => {
    const first = operation.operationId.length % from.length
    return Array.from({ length: count }, (_, at) => from[(first + at) % from.length]!)
  }
  for (const name of Object.keys(call.path))
    for (const text of TEXTS) yield { ...call, path: { ...call.path, [name]: text } }
  for (const { in: where, name } of operation.parameters ?? [])
    if (where === "query") for (const text of pick(TEXTS, 3)) yield { ...call, query: { [name]: text } }
  const { properties = {} } = (operation.requestBody?.content["application/json"]?.schema ?? {}) as {
    properties?: object
  }
  if (call.body === null || Array.isArray(call.body)) return
  const names = new Set([...Object.keys(call.body), ...Object.keys(properties)])
  for (const name of names)
    for (const value of names.size > 15 ? pick(SPOILT, 3) : SPOILT)
      yield { ...call, body: { ...call.body, [name]: value } }
}

async function send(operation: Named, { path, query, body }: Call): Promise<number> {
  const { PURSER_API_KEY: key, COOKIE, CSRF_TOKEN } = world.environmentOf(operation)
  const proofs = operation.security.flatMap(Object.keys)
  const isByKey = proofs.length === 0 || proofs.some((name) => name.endsWith("Key") || name === "accessToken")
  const where = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? "x"))
  const answer = await fetch(`${world.server.at(where)}?${new URLSearchParams(query)}`, {
    method: operation.method,
    headers: {
      ...(isByKey ? { authorization: `Bearer ${key}` } : { cookie: COOKIE!, "x-csrf-token": CSRF_TOKEN! }),
      ...(body === null ? {} : { "content-type": "application/json" }),
      "idempotency-key": crypto.randomUUID(),
    },
    ...(operation.method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Providers that are not there, and what the operator has not set up. */
const OTHERS = new Set([501, 502, 503, 504])

test("no operation fails on its example, said twice, or on any member of it spoilt", async () => {
  const failed: string[] = []
  let taken = 0
  for (const operation of operations) {
    const call = await exampleOf(operation)
    for (const one of [call, call, ...changesOf(operation, call)]) {
      const status = await send(operation, one)
      if (status < 300) taken++
      if (status >= 500 && !OTHERS.has(status))
        failed.push(`${status} ${operation.operationId} ${JSON.stringify(one).slice(0, 300)}`)
    }
  }
  expect(failed).toEqual([])
  expect(taken).toBeGreaterThan(operations.length)
}, 300_000)
