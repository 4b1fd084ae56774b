// Documents that others wrote, of every size and quality: each is taken over whole, or refused with a reason, within a second.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import { endpointProblems } from "../endpoint-rules.ts"
import type { Endpoint, EndpointDraft } from "../types.ts"
import { differences, exportDocument, type Imported, importDocument } from "./index.ts"

const MODULES = join(import.meta.dir, "../../../../node_modules")
const EXAMPLES = "@readme/oas-examples"
const read = (path: string) => readFileSync(join(MODULES, path), "utf8")
const plain = (text: string): string => text.replace(/^\uFEFF/, "").trimStart()

function timed(text: string) {
  const startMs = performance.now()
  const result = importDocument({ text })
  return { result, ms: performance.now() - startMs }
}

function imported(text: string): Imported {
  const { result, ms } = timed(text)
  if ("problem" in result) throw new Error(result.problem)
  expect(ms).toBeLessThan(1_000)
  return result.document
}

const asRows = (drafts: readonly EndpointDraft[]): Endpoint[] =>
  drafts.map((draft, at) => ({
    id: at + 1,
    publicId: `epd_${at}`,
    productId: 1,
    position: at,
    method: draft.method,
    path: draft.path,
    title: draft.title,
    description: draft.description ?? "",
    minPlanId: null,
    weight: 1,
    priceNano: 0 as never,
    validates: false,
    bodySchema: draft.bodySchema ?? null,
    bodyType: draft.bodyType ?? null,
    deprecated: draft.deprecated ?? false,
    allowedIps: "",
    deniedIps: "",
    removedMs: null,
    createdMs: 1,
    updatedMs: 1,
    parameters: (draft.parameters ?? []).map((one, position) => ({
      id: position,
      endpointId: at + 1,
      position,
      ...one,
      description: one.description ?? "",
      example: one.example ?? null,
      schema: one.schema ?? null,
    })),
    examples: (draft.examples ?? []).map((one, position) => ({
      id: position,
      endpointId: at + 1,
      position,
      status: one.status,
      meaning: one.meaning ?? "",
      bodyType: one.bodyType ?? "application/json",
      body: one.body ?? "",
    })),
  }))

const exported = (document: Imported): object =>
  exportDocument({
    product: {
      title: document.title || "x",
      version: document.version,
      tagline: "",
      overview: document.description,
      slug: "x",
    } as never,
    publisher: { slug: "pub" } as never,
    endpoints: asRows(document.endpoints),
    plans: new Map(),
    publishedAt: "https://api.purser.example/m",
  })

/** What it says of the API, whichever way it was written. */
function holds(document: Imported): void {
  const wrong = document.endpoints.flatMap((one) =>
    Object.values(endpointProblems(one)).flatMap((problem) =>
      problem ? [`${one.method} ${one.path}: ${problem}`] : [],
    ),
  )
  expect(wrong).toEqual([])
  expect(document.notes.filter((note) => note.length < 10)).toEqual([])
}

/** Real APIs. */
const REAL: readonly [name: string, path: string][] = [
  ["Blockfrost", "@blockfrost/openapi/openapi.yaml"],
  ["Dialogporten", "@digdir/dialogporten-schema/swagger.verified.json"],
  ["ReadMe (3.1)", `${EXAMPLES}/3.1/json/readme.json`],
  ["ReadMe, older", `${EXAMPLES}/3.0/json/readme-legacy.json`],
  ["STAPI, the Star Trek API", `${EXAMPLES}/3.0/json/star-trek.json`],
  ["USPTO data sets", `${EXAMPLES}/3.0/json/uspto.json`],
  ["Train Travel (3.1)", `${EXAMPLES}/3.1/json/train-travel.json`],
  ["Petstore", `${EXAMPLES}/3.0/json/petstore.json`],
  ["Petstore (3.1)", `${EXAMPLES}/3.1/json/petstore.json`],
  ["Petstore, expanded", `${EXAMPLES}/3.0/json/petstore-expanded.json`],
  ["Owlbert's hoots", `${EXAMPLES}/3.0/json/openapi-workshop/hoot.json`],
]

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
/** Counted in the plain document, by hand. */
const countIn = (text: string): number => {
  const { paths = {} } = (plain(text).startsWith("{") ? JSON.parse(plain(text)) : Bun.YAML.parse(text)) as {
    paths?: Record<string, Record<string, unknown>>
  }
  return Object.values(paths).reduce((all, item) => all + METHODS.filter((method) => item[method]).length, 0)
}

for (const [name, path] of REAL)
  test(`${name} imports whole, and comes back as a valid document of OpenAPI 3.1 that says the same`, async () => {
    const text = read(path)
    const document = imported(text)
    holds(document)
    expect(document.endpoints.length).toBe(countIn(text))
    const back = exported(document)
    const verdict = await new Validator().validate(structuredClone(back) as never)
    expect([verdict.valid, verdict.valid ? [] : verdict.errors]).toEqual([true, []])
    const again = imported(JSON.stringify(back))
    const { added, removed, breaking } = differences(asRows(document.endpoints), again.endpoints)
    expect({ added, removed, breaking }).toEqual({ added: 0, removed: 0, breaking: 0 })
  })

test("GitHub's document is refused for its size; the part of it that is repositories imports", async () => {
  const text = read("@octokit/openapi/generated/api.github.com.json")
  const { result, ms } = timed(text)
  expect([result, ms < 1_000]).toEqual([{ problem: expect.stringContaining("larger than 5 MB") }, true])
  const whole = JSON.parse(text) as { paths: Record<string, unknown>; components: object }
  const paths = Object.fromEntries(
    Object.entries(whole.paths).filter(([path]) => path.startsWith("/repos/{owner}/{repo}/a")),
  )
  const part = JSON.stringify({
    ...whole,
    paths,
    components: { ...whole.components, examples: {} },
    webhooks: undefined,
    "x-webhooks": undefined,
  })
  expect(Buffer.byteLength(part)).toBeLessThan(5 * 1024 * 1024)
  expect(Buffer.byteLength(part)).toBeGreaterThan(2 * 1024 * 1024)
  const document = imported(part)
  holds(document)
  expect(document.endpoints.length).toBe(countIn(part))
  expect(document.endpoints.length).toBeGreaterThan(50)
  expect(document.upstreamUrl).toBe("https://api.github.com")
})

test("every example of @readme/oas-examples imports or says why not, and of none something is left out silently", () => {
  let imports = 0
  for (const version of ["2.0", "3.0", "3.1"])
    for (const file of readdirSync(join(MODULES, EXAMPLES, version), { recursive: true, encoding: "utf8" })) {
      if (!/\.(json|ya?ml)$/.test(file)) continue
      const text = read(`${EXAMPLES}/${version}/${file}`)
      const { result, ms } = timed(text)
      expect([file, ms < 1_000]).toEqual([file, true])
      if ("problem" in result) {
        expect([file, result.problem]).toEqual([file, expect.stringMatching(/^(This|There).{20,}\.$/s)])
        if (version === "2.0") expect(result.problem).toStartWith("This is Swagger 2.0.")
        continue
      }
      expect(version).not.toBe("2.0")
      imports += 1
      holds(result.document)
      if (result.document.endpoints.length < countIn(text))
        expect([file, result.document.notes.length]).not.toEqual([file, 0])
    }
  expect(imports).toBeGreaterThan(60)
})
