// Reads the imports of the whole tree and holds them against the order of DESIGN §2. A folder imports only from its left,
// through the other folder's index.ts. Also what a reader relies on: short files, short functions, SQL in its place.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import ts from "typescript"

const ROOT = join(import.meta.dir, "..")
const SRC = import.meta.dir
const BASE = [
  "app",
  "store",
  "http",
  "part",
  "replica",
  "audit",
  "outbox",
  "jobs",
  "mail",
  "settings",
  "vault",
  "observe",
  "tls",
]
const DOMAINS = [
  "webhooks",
  "media",
  "brand",
  "ledger",
  "identity",
  "notices",
  "legal",
  "plans",
  "teams",
  "billing",
  "referrals",
  "pricing",
  "oauth",
  "keys",
  "usage",
  "analytics",
  "kept",
  "limits",
  "sponsors",
  "gateway",
  "metering",
  "mcp",
  "developers",
  "marketplace",
  "directory",
  "support",
  "announcements",
  "spending",
  "payouts",
  "privacy",
  "backup",
  "docs",
]
const SITES = ["base", "auth", "console", "portal", "admin", "api", "public"].map((site) => `sites/${site}`)
const ORDER = [...BASE, ...DOMAINS, ...SITES, "cli"]
/** Wiring may see everything: nothing but the CLI imports it. `compose.ts` is the door of `compose/`. */
const isWiring = (path: string): boolean =>
  ["compose.ts", "copier.ts", "main.ts", "worker.ts"].includes(path) || path.startsWith("compose/")

interface Import {
  from: string
  to: string
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8")
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]!)
}

function localImports(folder: string): Import[] {
  return files(folder).flatMap((path) =>
    importsOf(path)
      .filter((target) => target.startsWith("."))
      .map((target) => ({ from: relative(SRC, path), to: relative(SRC, resolve(dirname(path), target)) })),
  )
}

/** `sites` is a street of houses; everything else is a house. */
const folderOf = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("sites/") ? 2 : 1)
    .join("/")
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

test("every folder of src is in the order", () => {
  const foldersIn = (folder: string) => readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
  const folders = foldersIn(SRC).filter((name) => !["sites", "compose"].includes(name))
  const sites = foldersIn(join(SRC, "sites")).map((name) => `sites/${name}`)
  expect([...folders, ...sites].filter((name) => !ORDER.includes(name))).toEqual([])
})

test("a folder imports only from its left", () => {
  const wrong = localImports(SRC)
    .filter(({ from, to }) => !isWiring(from) && !isTest(from) && !to.startsWith(".."))
    .filter(({ from, to }) => folderOf(from) !== folderOf(to) && !isWiring(to))
    .filter(({ from, to }) => ORDER.indexOf(folderOf(to)) > ORDER.indexOf(folderOf(from)))
  expect(wrong).toEqual([])
})

test("other folders are entered through index.ts only", () => {
  const wrong = localImports(SRC)
    .filter(({ from, to }) => !to.startsWith("..") && folderOf(from) !== folderOf(to) && !isWiring(to))
    .filter(({ to }) => to !== `${folderOf(to)}/index.ts`)
    // It is kept as small as its one file: the door of `store` would bring the whole store into its Worker.
    .filter(({ from }) => from !== "copier.ts")
    // And the doors of the sites would bring every page into the read Worker.
    .filter(
      ({ from, to }) =>
        !(from === "compose/readers.ts" && /\/(part|store-personal|store\/personal|worker-reads)\.ts$/.test(to)),
    )
    // What tests stand on is behind no door, for the executable does not hold it.
    .filter(({ from, to }) => ![from, to].every((path) => /[/-]testing\.ts$/.test(path)))
  expect(wrong).toEqual([])
})

test("only the CLI and tests see the wiring", () => {
  const wrong = localImports(SRC).filter(
    ({ from, to }) => isWiring(to) && folderOf(from) !== "cli" && !isWiring(from) && !isTest(from),
  )
  expect(wrong).toEqual([])
  const behindTheDoor = localImports(SRC).filter(
    ({ from, to }) => to.startsWith("compose/") && folderOf(from) === "cli",
  )
  expect(behindTheDoor).toEqual([])
})

test("SQL stands in store.ts files of domains, in the base, and nowhere else", () => {
  const allowed = /^(store|jobs|audit)\/|\/store(-[a-z]+)*\.ts$|\/store\/|\.test\.tsx?$|[/.]testing\.ts$/
  const sql = /["'`]\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s/
  const wrong = files(SRC)
    .filter((path) => !allowed.test(relative(SRC, path)))
    .filter((path) => sql.test(readFileSync(path, "utf8")))
    .map((path) => relative(SRC, path))
  expect(wrong).toEqual([])
})

test("SQL text is fixed: a moment is a parameter, or every question would be another statement", () => {
  // Texts tagged `sql` are drizzle’s, which makes parameters of what stands in them.
  const texts = /(?<!sql|sql<[^>`]*>)`[^`]*`/g
  const wrong = files(SRC)
    .filter((path) => !isTest(path))
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(texts)]
        .filter(
          ([text]) =>
            /\b(SELECT|UPDATE|DELETE|COALESCE)\b/.test(text) && /\$\{[^}]*(\.now\b|\b(\w*Ms|ms)\b)[^}]*\}/.test(text),
        )
        .map(([text]) => `${relative(SRC, path)}: ${text.slice(0, 80)}`),
    )
  expect(wrong).toEqual([])
})

test("nobody but the gateway holds credits", () => {
  const wrong = files(SRC)
    .filter((path) => !/^(ledger|gateway)\/|\/testing\.ts$/.test(relative(SRC, path)) && !isTest(path))
    .filter((path) => /\bledger\.(hold|holdIn|settle|settleIn)\b/.test(readFileSync(path, "utf8")))
    .map((path) => relative(SRC, path))
  expect(wrong).toEqual([])
})

test("runs and charges know a provider and a dialect by their interfaces, and providers know no money", () => {
  const inGateway = localImports(join(SRC, "gateway")).filter(({ from }) => !isTest(from))
  const isOne = (path: string) => /^gateway\/(providers|dialects)\/[^/]+\//.test(path)
  const wrong = inGateway.filter(
    ({ from, to }) =>
      (/^gateway\/(run|charge)\//.test(from) && isOne(to)) ||
      (/^gateway\/providers\//.test(from) && /^gateway\/(run|charge|upstreams)\//.test(to)),
  )
  expect(wrong).toEqual([])
})

/** Lines that reach out to other servers: a bare `fetch`, called or handed on, and the platform's other clients. */
function waysOut(text: string): string[] {
  const out =
    /(?<![.\w"'])fetch\(|[=?(,] ?\(?fetch\b(?![\w:(?])|\bnew WebSocket\(|\bBun\.connect\(|from "(node:)?(https?|tls|http2)"/
  const isComment = /^\s*(\*|\/\/|\/\*\*)/
  return text.split("\n").filter((line) => out.test(line) && !isComment.test(line) && !line.includes("async fetch("))
}

test("whoever fetches a URL goes through safe-fetch", () => {
  for (const line of [
    "await fetch(url)",
    "deps.fetch ?? (fetch as F)",
    "get = fetch",
    'import https from "node:https"',
  ])
    expect([line, waysOut(line).length]).toEqual([line, 1])
  for (const line of ["upstream.fetch(url)", "fetch: (request) => x", "safeFetch(url)", "async fetch(request) {"])
    expect([line, waysOut(line).length]).toEqual([line, 0])
  // The gateway's upstreams are the operator's own; the CLI asks its own server, `control` a socket in the data folder, `otlp` the
  // operator's collector, `replica` a store of the operator and Litestream beside us, `billing/stripe` the processor. Code in examples is text.
  const allowed =
    /^(http\/safe-(fetch|forward)\.ts|gateway\/(index\.ts|providers\/|upstreams\/)|cli\/|store\/control\.ts|observe\/otlp\.ts|billing\/stripe\/|replica\/(remote-bucket|probe)\.ts|sites\/base\/code-samples\.ts|sites\/console\/market\/samples\/languages\.ts)|test(ing|-?kit)?\.tsx?$/
  const wrong = files(SRC)
    .filter((path) => !allowed.test(relative(SRC, path)))
    .flatMap((path) => waysOut(readFileSync(path, "utf8")).map((line) => `${relative(SRC, path)}: ${line.trim()}`))
  expect(wrong).toEqual([])
})

test("forms of sites are read by the builder alone", () => {
  // Apps arrive at /authorize by forms of their own; programs' endpoints have none of ours.
  const byHand =
    /^sites\/(base|api)\/|^sites\/auth\/(authorize|protocol|protocol-agents|protocol-fedcm|index)\.ts$|^sites\/console\/(index|login)\.ts$/
  const wrong = files(join(SRC, "sites"))
    .filter((path) => !byHand.test(relative(SRC, path)) && !isTest(path))
    .filter((path) => /\b(web\.form|readForm)\b|from "elysia"/.test(readFileSync(path, "utf8")))
    .map((path) => relative(SRC, path))
  expect(wrong).toEqual([])
})

/** Libraries of views, and the folder that may use each. */
const LIBRARIES: readonly [folder: string, name: RegExp][] = [
  ["views/ui/chart/", /^d3-(scale|shape)$/],
  ["views/ui/content/", /^(highlight\.js(\/lib\/(core|languages\/[a-z]+))?|sanitize-html|diff)$/],
]

test("views import only views and the units", () => {
  // Relative targets from the text, so that type imports count; packages by a real parse, since views hold code samples.
  const parser = new Bun.Transpiler({ loader: "ts" })
  const targets = (path: string): string[] => {
    const relatives = importsOf(path).filter((target) => target.startsWith("."))
    const packages = path.endsWith(".ts") ? parser.scanImports(readFileSync(path, "utf8")).map((one) => one.path) : []
    return [...relatives, ...packages.filter((target) => !target.startsWith("."))]
  }
  const wrong = files(join(ROOT, "views"))
    .filter((path) => !isTest(path))
    .flatMap((path) => targets(path).map((target) => ({ path, target })))
    .map(({ path, target }) => ({
      from: relative(ROOT, path),
      to: target.startsWith(".") ? relative(ROOT, resolve(dirname(path), target)) : target,
    }))
    .filter(({ to }) => !to.startsWith("views/") && to !== "src/app/units.ts")
    // Scales and paths, grammars, sanitizing and differences are what well-kept libraries do; only the parts named here may use them.
    .filter(({ from, to }) => !LIBRARIES.some(([folder, name]) => from.startsWith(folder) && name.test(to)))
  expect(wrong).toEqual([])
})

test("migrations are numbered without a gap", () => {
  const names = readdirSync(join(ROOT, "migrations")).sort()
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1))
})

test("files stay short enough to read", () => {
  const long = files(SRC)
    .concat(files(join(ROOT, "views")))
    .filter((path) => !isTest(path))
    .map((path) => ({ path: relative(ROOT, path), lines: readFileSync(path, "utf8").trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > 300)
  expect(long).toEqual([])
})

const FUNCTION_LINES_MAX = 60
/** Functions above it, by `path:name`, and why each is better read in one piece. */
const LONG_FUNCTIONS: Record<string, string> = {
  "src/compose/domains.ts:createDomains": "one line a domain, in their order, each given what stands to its left",
  "src/identity/index.ts:createIdentity":
    "the door: one line per verb, bound to the core; in parts nobody sees at once what there is",
  "src/oauth/create.ts:createOauth":
    "the door: one line per verb, bound to the core; in parts nobody sees at once what there is",
}

/** Names of the functions that are too long; one without a name is called after what holds it. */
function longFunctions(path: string, text: string): string[] {
  // In a short file there is none: most need not be read as a tree, which takes far longer than all else here.
  if (text.split("\n").length <= FUNCTION_LINES_MAX) return []
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line
  const found: string[] = []
  const linesOf = (node: ts.Node): number => lineAt(node.end) - lineAt(node.getStart(source)) + 1
  const visit = (node: ts.Node, holder: ts.Node | null): void => {
    const named = "name" in node && node.name ? (node.name as ts.Node) : holder
    if (ts.isFunctionLike(node) && "body" in node && node.body && linesOf(node) > FUNCTION_LINES_MAX)
      found.push(named?.getText(source) ?? "module")
    ts.forEachChild(node, (child) => visit(child, named))
  }
  visit(source, null)
  return found
}

test("functions are short enough to read, or named here with a reason", () => {
  for (const [head, foot, name] of [
    ["export function long() {", "}", "long"],
    ["const arrow = (): void => {", "}", "arrow"],
    ["const box = { run() {", "} }", "run"],
    ["const routes = list.map((one) => {", "})", "routes"],
  ] as const) {
    const ofLines = (lines: number) => longFunctions("a.ts", `${head}\n${"  work()\n".repeat(lines - 2)}${foot}\n`)
    expect([ofLines(FUNCTION_LINES_MAX), ofLines(FUNCTION_LINES_MAX + 1)]).toEqual([[], [name]])
  }
  const madeUp = /(^|[/.-])testing\.tsx?$|^views\/fixtures\//
  const long = files(SRC)
    .concat(files(join(ROOT, "views")))
    .filter((path) => !isTest(path) && !madeUp.test(relative(ROOT, path)))
    .flatMap((path) => longFunctions(path, readFileSync(path, "utf8")).map((name) => `${relative(ROOT, path)}:${name}`))
  // One that is short by now loses its entry.
  expect(long.sort()).toEqual(Object.keys(LONG_FUNCTIONS).sort())
})

test("a spread spares no lines: fields are said plainly", () => {
  // `{...{` is how views hand attributes on that JSX has no name for.
  const saver = /(?<!\{)\.\.\.\{|\.\.\.\[[^[\]]*\][,)]*$/
  const wrong = files(SRC)
    .concat(files(join(ROOT, "views")), files(join(ROOT, "test")))
    .filter((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .some((line) => saver.test(line)),
    )
    .map((path) => relative(ROOT, path))
  expect(wrong).toEqual([])
})

/** What is sealed for memory, a cookie or an address of a page, and the vault, whose work it is. */
const SEALS_ELSEWHERE = [
  "http/flash.ts",
  "http/kept.ts",
  "http/once.ts",
  "identity/federation/join-seal.ts",
  "identity/federation/trip.ts",
  "identity/passkeys/ticket.ts",
  "identity/second-step/login.ts",
  "identity/sessions.ts",
  "identity/work/ticket.ts",
  "mcp/authorize/trip.ts",
  "oauth/authorize/interaction.ts",
  "oauth/authorize/push.ts",
  "oauth/fedcm/waiting.ts",
  "oauth/logout/request.ts",
  "part/sealed.ts",
  "vault/canary.ts",
  "vault/index.ts",
]
test("what is sealed for a row is sealed in the body that writes it (sealIn), or a key that is exchanged meanwhile is missing later", () => {
  const sealing = files(SRC)
    .filter((path) => !path.includes(".test.") && /keyring\.seal\(/.test(readFileSync(path, "utf8")))
    .map((path) => relative(SRC, path))
  expect(sealing.sort()).toEqual(SEALS_ELSEWHERE)
})
