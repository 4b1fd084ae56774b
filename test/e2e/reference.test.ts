// The reference of the API: every operation with all its fields on its page, in valid HTML whose links lead somewhere; examples that pass
// the schemas and run, in a terminal and in JavaScript, and are answered as the document says.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import Ajv from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { brotliBytesOf } from "../build.ts"
import { htmlProblems } from "../html-rules.ts"
import { openRouteWorld, type RouteWorld } from "../routes.ts"
import {
  type Document,
  type Json,
  type Named,
  openReferenceWorld,
  operationsOf,
  readDocument,
} from "./reference-world.ts"

const hasPython = Bun.which("python3") !== null || process.env.PURSER_CI === "1"
if (!hasPython)
  console.log(
    "\n*** no python3 found: whether Python can read the reference's examples is SKIPPED. Install python3. ***\n",
  )

let world: RouteWorld
let document: Document
let operations: Named[]
beforeAll(async () => {
  world = await openRouteWorld()
  document = await readDocument(world.server.url)
  operations = operationsOf(document)
}, 60_000)
afterAll(() => world?.server.close())

const read = async (path: string) => {
  const answer = await fetch(`${world.server.url}${path}`)
  return { status: answer.status, text: await answer.text() }
}
const bytesOf = (path: string): Promise<number> => brotliBytesOf(`${world.server.url}${path}`)
const pageOf = ({ operationId }: Named) => read(`/reference/${encodeURIComponent(operationId)}`)
const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&")
/** Code of the language at this place of the tabs. */
const codeOf = (html: string, index: number): string =>
  plain(new RegExp(`<code id="call-${index}">([\\s\\S]*?)</code>`).exec(html)![1]!)

let ajv: Ajv | undefined
const validator = (): Ajv => {
  ajv ??= addFormats(new Ajv({ strict: false, schemas: [{ $id: "doc", components: document.components }] }))
  return ajv
}
const resolved = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/'))
function problems(schema: Json, value: unknown): unknown {
  const validate = validator().compile(resolved(schema))
  return validate(value) ? null : validate.errors
}

/** Names of members, however deep: unions and lists are looked through. */
function namesIn(schema: Json, depth = 0): string[] {
  if (depth > 12) return []
  const own = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  const inside = [...((schema.anyOf ?? schema.oneOf ?? []) as Json[]), ...(schema.items ? [schema.items as Json] : [])]
  return [
    ...own.map(([name]) => name),
    ...[...own.map(([, one]) => one), ...inside].flatMap((one) => namesIn(one, depth + 1)),
  ]
}
const namesOn = (html: string): Set<string> =>
  new Set([...html.matchAll(/<p class="member">[\s\S]*?<bdi>([\s\S]*?)<\/bdi>/g)].map(([, name]) => plain(name!)))

describe("a page of each operation", () => {
  test("has its address, its words, all fields of parameters, body and answer, and every error", async () => {
    expect(operations.length).toBeGreaterThan(60)
    for (const operation of operations) {
      const { status, text } = await pageOf(operation)
      const { operationId, parameters = [], requestBody, responses } = operation
      const shown = namesOn(text)
      const schemas = [
        Object.values(requestBody?.content ?? {})[0]?.schema ?? {},
        ...Object.entries(responses).flatMap(([code, { content }]) =>
          code.startsWith("2") ? Object.values(content).map(({ schema }) => schema) : [],
        ),
      ]
      const names = [...parameters.map(({ name }) => name), ...schemas.flatMap((schema) => namesIn(schema))]
      const codes = Object.values(responses).flatMap((one) => one["x-error-codes"] ?? [])
      expect([operationId, status, names.filter((name) => !shown.has(name))]).toEqual([operationId, 200, []])
      expect([operationId, codes.filter((code) => !text.includes(`#error-${code}"`))]).toEqual([operationId, []])
      for (const words of [operation.summary, operation.path, operation.method, operationId]) {
        expect([operationId, plain(text).includes(words)]).toEqual([operationId, true])
      }
    }
  }, 60_000)

  test("is valid HTML, and every link on it leads somewhere", async () => {
    const pages = new Map<string, string>()
    const known = new Map<string, Set<string>>()
    const ids = (html: string) => {
      const all = known.get(html) ?? new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!))
      known.set(html, all)
      return all
    }
    const load = async (path: string) => {
      if (!pages.has(path)) {
        const { status, text } = await read(path)
        expect([path, status < 400]).toEqual([path, true])
        pages.set(path, text)
      }
      return pages.get(path)!
    }
    for (const path of [
      "/reference",
      "/reference?q=keys",
      ...operations.map((one) => `/reference/${encodeURIComponent(one.operationId)}`),
    ]) {
      const html = await load(path)
      expect([path, htmlProblems(html)]).toEqual([path, []])
      for (const href of new Set([...html.matchAll(/ href="([^"]+)"/g)].map(([, one]) => plain(one!)))) {
        const [target = "", anchor] = href.split("#")
        const other = target === "" ? html : /^\/(reference|openapi|models)/.test(target) ? await load(target) : null
        if (other !== null && anchor && anchor !== "main")
          expect([path, href, ids(other).has(anchor)]).toEqual([path, href, true])
      }
    }
  }, 120_000)

  test("small on the line, and not there for what does not exist", async () => {
    for (const name of ["nonsense", "__proto__", "constructor", "%3Cscript%3E"]) {
      expect([name, (await read(`/reference/${name}`)).status]).toEqual([name, 404])
    }
    const answer = await fetch(`${world.server.url}/reference/createChatCompletion`, {
      headers: { "accept-encoding": "br" },
    })
    expect(answer.headers.get("content-encoding")).toBe("br")
    const scripts = [...(await answer.text()).matchAll(/ (?:src|data-module)="([^"]+\.js[^"]*)"/g)].map(
      ([, one]) => one!,
    )
    expect(scripts.length).toBe(3)
    let bytes = 0
    for (const path of scripts) bytes += await bytesOf(path)
    // What every page has, the filter, and tabs that remember.
    expect(bytes).toBeLessThan(6_100)
    expect(await bytesOf("/reference/createMessage")).toBeLessThan(22_500)
  })

  test("the filter without scripts: words of name, address and operation; none is said", async () => {
    const found = async (query: string) => {
      const { text } = await read(`/reference?q=${encodeURIComponent(query)}`)
      return [...text.matchAll(/<ul class="plain operations">([\s\S]*?)<\/ul>/g)].flatMap(([, list]) =>
        [...list!.matchAll(/href="\/reference\/([^"]+)"/g)].map(([, id]) => id),
      )
    }
    expect(await found("chat completion")).toEqual(["createChatCompletion"])
    expect(await found("/api/v1/keys DELETE")).toEqual(["revokeKey"])
    expect(await found("no such thing")).toEqual([])
    const { text } = await read(`/reference?q=${encodeURIComponent('"><script>x</script>')}`)
    // Inside quotes only quotes mean something, and none of them got there.
    expect(text.replace(/"[^"]*"/g, "")).not.toContain("<script>x")
  })
})

describe("examples", () => {
  test("every body has one, which the schema takes, as every answer’s", () => {
    for (const { operationId, requestBody, responses, parameters = [] } of operations) {
      const media = requestBody?.content["application/json"]
      if (media) {
        expect([operationId, "example" in media]).toEqual([operationId, true])
        expect([operationId, problems(media.schema, media.example)]).toEqual([operationId, null])
      }
      for (const one of parameters) {
        if (one.in === "path")
          expect([operationId, one.name, typeof one.example]).toEqual([operationId, one.name, "string"])
      }
      for (const [status, { content }] of Object.entries(responses)) {
        for (const { schema, example } of status.startsWith("2") ? Object.values(content) : []) {
          expect([operationId, problems(schema, example)]).toEqual([operationId, null])
        }
      }
    }
  }, 60_000)

  test.skipIf(!hasPython)(
    "every Python can be read by Python",
    async () => {
      const codes = await Promise.all(operations.map(async (one) => codeOf((await pageOf(one)).text, 2)))
      const run = Bun.spawn(
        ["python3", "-c", "import ast, json, sys; [ast.parse(one) for one in json.load(sys.stdin)]"],
        {
          stdin: new Blob([JSON.stringify(codes)]),
          stderr: "pipe",
        },
      )
      expect([await new Response(run.stderr).text(), await run.exited]).toEqual(["", 0])
    },
    60_000,
  )

  test("every curl runs, and is answered as the document says", async () => {
    const one = await openReferenceWorld()
    try {
      const here = await readDocument(one.server.url)
      for (const operation of inOrder(operationsOf(here))) {
        const { text } = await fetch(`${one.server.url}/reference/${encodeURIComponent(operation.operationId)}`).then(
          async (answer) => ({ text: await answer.text() }),
        )
        const code = (await one.here(operation, codeOf(text, 0))).replace(
          /^curl /,
          String.raw`curl -sS -w '\n%{http_code}' `,
        )
        const run = Bun.spawn(["bash", "-c", code], {
          env: { ...process.env, ...one.environmentOf(operation) },
          stderr: "pipe",
        })
        const [out, wrong] = [await new Response(run.stdout).text(), await new Response(run.stderr).text()]
        const status = out.slice(out.lastIndexOf("\n") + 1)
        const body = out.slice(0, out.lastIndexOf("\n"))
        expect([operation.operationId, wrong, status, status.startsWith("2") ? "" : body]).toEqual([
          operation.operationId,
          "",
          Object.keys(operation.responses).find((each) => each.startsWith("2"))!,
          "",
        ])
        const said = operation.responses[status]!.content["application/json"]
        // Sound is no JSON.
        if (said) {
          expect([operation.operationId, problems(said.schema, JSON.parse(body))]).toEqual([
            operation.operationId,
            null,
          ])
        }
      }
    } finally {
      await one.server.close()
    }
  }, 180_000)

  test("every JavaScript runs, with the official SDKs where they fit", async () => {
    const one = await openReferenceWorld()
    // Modules find the SDKs from here.
    const folder = mkdtempSync(join(import.meta.dir, ".reference-"))
    const before = { ...process.env }
    const told = console.log
    try {
      let sdks = 0
      for (const operation of inOrder(operationsOf(document))) {
        const { text } = await fetch(`${one.server.url}/reference/${encodeURIComponent(operation.operationId)}`).then(
          async (answer) => ({ text: await answer.text() }),
        )
        const code = await one.here(operation, codeOf(text, 1))
        if (code.startsWith("import ")) sdks++
        const file = join(folder, `${operation.operationId}.mjs`)
        await Bun.write(file, code)
        Object.assign(process.env, one.environmentOf(operation))
        let said: unknown
        console.log = (value: unknown) => {
          said = value
        }
        const failed = await import(file).then(
          () => null,
          (error: unknown) => String(error),
        )
        console.log = told
        expect([operation.operationId, failed, typeof said]).toEqual([operation.operationId, null, "object"])
      }
      expect(sdks).toBe(20)
    } finally {
      console.log = told
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      rmSync(folder, { recursive: true, force: true })
      await one.server.close()
    }
  }, 180_000)
})

/** What a thing is deleted by comes after what reads it; the rest as it stands in the document. */
const LAST = ["deleteResponse", "revokeKey"]
const inOrder = (all: Named[]): Named[] =>
  all
    // Nobody but the payment service signs what it sends.
    .filter(({ operationId }) => operationId !== "receivePaymentEvent")
    .toSorted((a, b) => LAST.indexOf(a.operationId) - LAST.indexOf(b.operationId))
