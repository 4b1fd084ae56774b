// Every example of the documentation runs or is checked: calls against a live server, scripts by a parser of their language.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { verbs } from "../../src/cli/verbs.ts"
import type { User } from "../../src/identity/index.ts"
import { ADMIN_SCOPES, type KeyScope } from "../../src/keys/index.ts"
import {
  addSandbox,
  CTX,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { fences } from "./docs-examples.ts"

const ALL = fences()
const of = (...languages: string[]) => ALL.filter(({ language }) => languages.includes(language))

test("each block says its language, or shows what a terminal or a file looks like", () => {
  const known = ["", "sh", "js", "ts", "python", "json", "http", "html", "yaml", "toml", "nginx", "caddyfile"]
  expect(
    ALL.filter(({ language }) => !known.includes(language)).map(({ name, language }) => `${name}: ${language}`),
  ).toEqual([])
  expect(ALL.length).toBeGreaterThan(100)
})

test("JSON, YAML and TOML are what they say", () => {
  const parse = { json: JSON.parse, yaml: Bun.YAML.parse, toml: Bun.TOML.parse }
  const wrong = Object.entries(parse).flatMap(([language, read]) =>
    of(language).flatMap(({ name, code }) => {
      try {
        read(code)
        return []
      } catch (error) {
        return [`${name}: ${(error as Error).message}`]
      }
    }),
  )
  expect(wrong).toEqual([])
})

test("JavaScript and TypeScript parse, in pages, too", () => {
  const transpiler = new Bun.Transpiler({ loader: "ts" })
  const inPages = of("html").flatMap(({ name, code }) =>
    [...code.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => ({ name, code: script! })),
  )
  const wrong = [...of("js", "ts"), ...inPages].flatMap(({ name, code }) => {
    try {
      transpiler.transformSync(code)
      return []
    } catch (error) {
      return [`${name}: ${(error as Error).message}`]
    }
  })
  expect(inPages.length).toBeGreaterThan(0)
  expect(wrong).toEqual([])
})

const PYTHON = `import ast, json, sys
for one in json.load(sys.stdin):
    try: ast.parse(one["code"])
    except SyntaxError as error: print(one["name"], error)`

/** There nothing is skipped: what is missing fails. */
const IS_CI = process.env.PURSER_CI === "1"
const python = Bun.which("python3")
if (!python) console.warn("docs: no python3 on this machine, so Python examples are not compiled")
test.skipIf(!python && !IS_CI)("Python compiles", () => {
  const { stdout, exitCode } = Bun.spawnSync([python ?? "python3", "-c", PYTHON], {
    stdin: Buffer.from(JSON.stringify(of("python"))),
  })
  expect([exitCode, stdout.toString()]).toEqual([0, ""])
})

describe("shell", () => {
  test("is shell", async () => {
    const wrong = await Promise.all(
      of("sh").map(async ({ name, code }) => {
        const shell = Bun.spawn(["bash", "-n"], { stdin: Buffer.from(code), stderr: "pipe" })
        const said = await new Response(shell.stderr).text()
        return (await shell.exited) === 0 ? [] : [`${name}: ${said}`]
      }),
    )
    expect(wrong.flat()).toEqual([])
  })

  test("each command of purser is one", () => {
    const known = verbs().map(({ words }) => words)
    const isKnown = (line: string) =>
      known.some((words) => line === words || line.startsWith(`${words} `)) || /^(help|--version|--help|$)/.test(line)
    const said = of("sh").flatMap(({ name, code }) =>
      [...code.matchAll(/(?:^|[|;&(] *|sudo |exec )(?:\.\/dist\/)?purser +(?:purser +)?([a-z][^\n|;&#)]*)/gm)].map(
        ([, line]) => ({
          name,
          line: line!.trim(),
        }),
      ),
    )
    expect(said.filter(({ line }) => !isKnown(line))).toEqual([])
    expect(said.length).toBeGreaterThan(30)
  })
})

/** Calls that are shown for what they are refused for, or stand on something that this world has not: a part of them, and the status. */
const REFUSED: readonly (readonly [part: string, status: number])[] = [
  ["Bearer nonsense", 401],
  // A model that is busy is told as 503.
  ["sandbox:fail 429", 503],
  // A code that nobody was given, and cookies of nobody.
  ["grant_type=authorization_code", 400],
  ['-b "$COOKIES"', 401],
  // A key that is told by its first letters alone.
  ["api_live_…", 401],
  ["$PRODUCT_KEY", 401],
  // Off until an operator turns it on: registration; payments.
  ["/register", 404],
  ["/stripe/checkout", 409],
  ["/tiers/switch", 409],
  // A team, of which there is none.
  ["/teams/tea_", 404],
  // No tool server is in the group.
  ["/groups/travel/call", 404],
]

const curl = Bun.which("curl")
if (!curl) console.warn("docs: no curl on this machine, so calls of the documentation are not made")
describe.skipIf(!curl && !IS_CI)("calls", () => {
  let server: TestServer
  let env: Record<string, string>
  let refreshToken: () => Promise<string>
  const folder = mkdtempSync(join(tmpdir(), "purser-docs-"))
  beforeAll(async () => {
    // Hosts of the examples are nobody's: what is asked there is answered here.
    server = await startTestServer({
      safeFetch: async () => ({ status: 204, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }),
    })
    const world = await worldOf(server)
    env = world.env
    refreshToken = world.refreshToken
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  test("are answered as the page says", async () => {
    const wrong: string[] = []
    for (const { name, code } of of("sh").filter((one) => one.code.includes("curl "))) {
      if (code.includes("$REFRESH_TOKEN")) env.REFRESH_TOKEN = await refreshToken()
      const statuses = await callsOf(code, server.url, env, folder)
      const refused = REFUSED.filter(([part]) => code.includes(part)).map(([, status]) => status)
      const isRight = (status: number, at: number) =>
        // Of several calls the last one may be refused.
        refused.length === 0 || at < statuses.length - 1 ? status >= 200 && status < 300 : refused.includes(status)
      if (statuses.length === 0 || !statuses.every(isRight))
        wrong.push(`${name}: ${statuses} ${await answerIn(folder)}`)
    }
    expect(wrong).toEqual([])
  }, 60_000)

  test("the refusal that the page of errors shows is the one that comes", async () => {
    const { code } = of("json").find(({ name }) => name.startsWith("reference/errors "))!
    const answer = await fetch(`${server.url}/v1/models`, { headers: { authorization: "Bearer nonsense" } })
    expect(await answer.json()).toEqual(JSON.parse(code))
  })
})

const answerIn = async (folder: string): Promise<string> =>
  (await Bun.file(join(folder, "answer")).text()).slice(0, 300)

async function callsOf(code: string, url: string, env: Record<string, string>, cwd: string): Promise<number[]> {
  const here = code
    .replace(/https:\/\/(ai\.example\.com|purser\.example)/g, url)
    .replaceAll("usr_…", env.USER_ID!)
    .replaceAll("gsk_…", "gsk_0123456789")
    .replaceAll('"gpt-5-mini"', '"sandbox"')
    .replace(/^export .*$/gm, "")
  const script = `curl() { command curl -s -o answer -w '%{http_code}\\n' "$@"; }\n${here}`
  const shell = Bun.spawn(["bash", "-c", script], {
    cwd,
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "ignore",
  })
  const said = await new Response(shell.stdout).text()
  await shell.exited
  return said.match(/^\d{3}$/gm)?.map(Number) ?? []
}

const SCOPE = "openid profile email offline_access llm image-generation"

/** A person, an app, keys: what the variables in examples stand for. */
async function worldOf({ app, url }: TestServer) {
  await addSandbox(app)
  const admin = await makeUser(app, { isAdmin: true })
  const person = await makeUser(app, {})
  const developer = await makeDeveloper(app, {})
  await giveCredits(app, person, credits(1_000))
  const { client, secret } = await makeClient(app, {
    ownerId: developer.id,
    scopes: ["openid", "profile", "email", "offline_access", "llm", "image-generation"],
  })
  // The largest plan: keys reach every model.
  await app.plans.assign(CTX, { user: person, planCode: "enterprise" })
  const signIn = () => mintTokens(app, { user: person, client, secret, dailyNano: credits(500), scope: SCOPE })
  const tokens = await signIn()
  await app.metering.create(CTX, {
    slug: "search",
    name: "Search",
    unit: "search",
    pricePico: 1_500_250,
    scope: "llm",
    quantityMin: 1,
    quantityMax: 1_000,
  })
  const ofApp = { ownerId: developer.id, clientPublicId: client.publicId, name: "docs" }
  const appKey = await app.appKeys.create(CTX, {
    ...ofApp,
    scopes: ["users", "usage", "revenue", "metering", "credits"],
  })
  await app.mcp.createGroup(CTX, { userId: person.id, name: "travel", title: "Travel" })
  const keyOf = async (userId: User["id"], scopes: KeyScope[]) =>
    (await app.keys.create(CTX, { userId, name: "docs", scopes })).secret
  const key = await keyOf(person.id, [
    "llm",
    "embeddings",
    "image-generation",
    "video-generation",
    "speech",
    "mcp",
    "manage",
  ])
  const adminKey = await keyOf(admin.id, ["manage", ...ADMIN_SCOPES])
  const env: Record<string, string> = {
    PURSER: url,
    ISSUER: url,
    PURSER_URL: url,
    BASE: url,
    API: url,
    USER_ID: person.publicId,
    PURSER_API_KEY: key,
    TOKEN: key,
    ADMIN_KEY: adminKey,
    PURSER_KEY: adminKey,
    ACCESS_TOKEN: tokens.accessToken,
    TEST_TOKEN: tokens.accessToken,
    APP_KEY: appKey.secret,
    PURSER_APP_KEY: appKey.secret,
    CLIENT_ID: client.publicId,
    CLIENT_SECRET: secret,
    CALLBACK: client.redirectUris[0]!,
    REDIRECT_URI: client.redirectUris[0]!,
    CHALLENGE: "x".repeat(43),
    VERIFIER: "x".repeat(43),
    CODE: "none",
  }
  return { env, refreshToken: async () => (await signIn()).refreshToken }
}
