// Every chart there is, found by reading every page as its own viewer: beside its table each has an address with its days and filters, a file
// with the same figures, and what its figures are, in the words of the documentation. A chart that is drawn later is found without a word here.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { signedIn } from "../browser/house.ts"
import { chat, makeClient, mintTokens } from "../build.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let agents: Record<"person" | "developer" | "admin", WebAgent>
beforeAll(async () => {
  world = await openRouteWorld()
  const { server, person, developer, admin } = world
  await useIt()
  server.app.jobs.pause(true)
  await server.app.usage.flush()
  await server.app.analytics.flush()
  agents = {
    person: await signedIn(server, person.email),
    developer: await signedIn(server, developer.email),
    admin: await signedIn(server, admin.email),
  }
}, 180_000)
afterAll(() => world?.server.close())

/** Two apps, two kinds, calls that fail and that are refused: what is drawn of parts has parts. */
async function useIt(): Promise<void> {
  const { server, person, developer } = world
  const scopes = ["openid", "llm", "embeddings"] as never
  for (const name of ["First", "Second"]) {
    const { client, secret } = await makeClient(server.app, { ownerId: developer.id, name, scopes })
    const ask = { client, secret, user: person, scope: "openid llm embeddings" }
    const { accessToken } = await mintTokens(server.app, ask)
    for (const content of ["sandbox:cost 900", "sandbox:fail 400", "of no-such-model"]) {
      const model = content.startsWith("of ") ? content.slice(3) : "sandbox"
      await chat(server.url, accessToken, { model, messages: [{ role: "user", content }], max_tokens: 900 })
    }
    await fetch(server.at("/v1/embeddings"), {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "sandbox", input: "hello ".repeat(400) }),
    })
  }
}

interface Chart {
  id: string
  /** The section that it stands in. */
  section: string
  sectionId: string
}

/** Every chart of a page; tables that are drawn are charts too. */
function chartsOf(html: string): Chart[] {
  const main = html.slice(html.indexOf("<main"), html.lastIndexOf("</main>"))
  return [
    ...main.matchAll(/<figure class="chart[^"]*" id="([^"]+)"|<div class="donut" id="([^"]+)"|<table class="bars"/g),
  ].map((found) => {
    const start = main.lastIndexOf("<section", found.index)
    const section = main.slice(start, main.indexOf("</section>", found.index))
    const sectionId = /^<section id="([^"]+)"/.exec(section)?.[1] ?? ""
    return { id: found[1] ?? found[2] ?? `bars of ${sectionId}`, section, sectionId }
  })
}

const attribute = (text: string): string => text.replaceAll("&amp;", "&")
const linkOf = (section: string, said: string): string | null => {
  const found = [...section.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)]
  const href = found.find(([, , text]) => text!.trim() === said)?.[1]
  return href === undefined ? null : attribute(href)
}

/** Head and rows of the chart's own table: names, and exact values from titles. */
function tableOf({ id, section }: Chart): { head: string[]; rows: { name: string; values: number[] }[] } {
  const from = id.startsWith("bars of ") ? section.indexOf('<table class="bars"') : section.indexOf(`id="${id}"`)
  const table = section.slice(section.indexOf("<table", from), section.indexOf("</table>", from))
  const body = table.slice(table.indexOf("<tbody>"))
  const exact = (cell: string): number => {
    const said = /class="num" title="([^"]*)"/.exec(cell)?.[1] ?? plainText(cell)
    const value = Number(said.replace("\u2212", "-").replace(/[^\d.-]/g, "") || "0")
    return said.startsWith("n$") ? value / 1e9 : value
  }
  return {
    head: [...table.slice(0, table.indexOf("<tbody>")).matchAll(/<th[^>]*>([\s\S]*?)<\/th>/g)].map(([, cell]) =>
      plainText(cell!).trim(),
    ),
    rows: [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) => {
      const [name = "", ...values] = [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => cell!)
      // Where a name is short for the eye, its title is whole.
      const whole = /^\s*<th scope="row" title="([^"]*)"/.exec(row!)?.[1]
      return { name: whole ?? plainText(name.replace(/ title="[^"]*"/g, "")).trim(), values: values.map(exact) }
    }),
  }
}

type Row = Readonly<Record<string, string>>
/** RFC 4180; no cell of these files has a line of its own. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )
const fileOf = (csv: string): Row[] => {
  const [head = [], ...rows] = csv.trim().split("\r\n").map(cellsOf)
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ""])))
}

const column = (name: string) => (row: Row) => Number(row[name] ?? Number.NaN)
const answered = (row: Row) => Number(row.calls) - Number(row.failed)
const dollars = (name: string) => (row: Row) => Number(row[name]) / 1_000
const CALLS = [answered, column("failed"), column("refused")]
const MONEY = [column("upstream_usd"), column("developers_usd"), (row: Row) => Math.max(0, Number(row.revenue_usd))]
const USED = [column("credits_used")]
/** Which columns of its file a chart draws. */
const DRAWN: Readonly<Record<string, readonly ((row: Row) => number)[]>> = {
  "/dashboard days": USED,
  "/dashboard bars of by-app": USED,
  "/dashboard types": USED,
  "/usage used": USED,
  "/usage calls": CALLS,
  "/usage tokens": [column("input_tokens"), column("output_tokens")],
  "/usage bars of by-app": USED,
  "/usage bars of by-model": USED,
  "/usage scope-donut": USED,
  "/marketplace/:api/usage calls": [column("answered"), column("failed"), column("refused")],
  "/developer/apps/:app calls": [column("calls")],
  "/developer/apps/:app/health calls": CALLS,
  "/developer/analytics earned": [dollars("earned_credits")],
  "/developer/analytics calls": [column("calls")],
  "/developer/analytics new-users": [column("new_users")],
  "/developer/analytics active-users": [column("active_users")],
  "/admin used": USED,
  "/admin money": MONEY,
  "/admin calls": CALLS,
  "/admin/analytics money": MONEY,
  "/admin/analytics paid": [column("money_in_usd"), column("refunds_usd")],
  "/admin/analytics calls": CALLS,
  "/admin/analytics people": [column("active_users"), column("new_users")],
  "/admin/analytics free": [dollars("free_credits")],
  "/admin/billing in": [column("money_in_usd")],
  "/admin/billing out": [column("refunds_usd"), column("disputes_usd"), column("fees_usd")],
}
/** Files in which a row is one cell of the chart: what names the row, what the column, and the value. */
const CELLS: Readonly<Record<string, (row: Row) => [string, string, number]>> = {
  "/developer/analytics endpoint-calls": (row) => [row.day!, row.endpoint!, Number(row.calls)],
  "/admin/analytics hours-heat": (row) => [WEEKDAYS[Number(row.weekday) - 1]!, row.hour_utc!, Number(row.calls)],
}
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
/** "28 Nov 2026" is 2026-11-28 in files. */
const keyOf = (name: string): string =>
  /^\d{1,2} [A-Z][a-z]{2} \d{4}$/.test(name) ? new Date(`${name} UTC`).toISOString().slice(0, 10) : name

/** Drawn of two and more alone, and one model answers here. */
const ONE_MODEL = new Set(["/usage bars of by-model"])
/** Of what did not happen in this world: nobody’s money went back. */
const NOTHING = ["/admin/billing out"]

/** What the chart's table says against its file. */
function compare(name: string, chart: Chart, rows: Row[]): void {
  const table = tableOf(chart)
  expect([name, table.rows.length > 0]).toEqual([name, true])
  const cells = CELLS[name]
  if (cells) {
    const known = new Map(rows.map(cells).map(([row, col, value]) => [`${row} ${col}`, value]))
    for (const { name: row, values } of table.rows)
      for (const [at, value] of values.entries()) {
        const col = name.endsWith("heat") ? String(at) : table.head[at + 1]!
        expect([name, row, col, value]).toEqual([name, row, col, known.get(`${keyOf(row)} ${col}`) ?? 0])
      }
    return
  }
  const of = DRAWN[name]
  if (!of) throw new Error(`${name} is a new chart: say above which columns of its file it draws.`)
  const known = new Map(rows.map((row) => [Object.values(row)[0]!, row]))
  for (const { name: row, values } of table.rows) {
    // Many small parts are one; what they add up to is held below.
    if (/^Other.* \(\d+\)$/.test(row)) continue
    const file = known.get(keyOf(row))
    expect([name, row, file !== undefined]).toEqual([name, row, true])
    for (const [at, value] of of.entries())
      expect([name, row, values[at]]).toEqual([name, row, Number(value(file!).toFixed(9))])
  }
  if (name.includes("bars of") || name.endsWith("donut") || name.endsWith("types")) {
    const sum = (all: number[]) => Number(all.reduce((total, one) => total + one, 0).toFixed(6))
    expect([name, sum(table.rows.map(({ values }) => values[0]!))]).toEqual([name, sum(rows.map(of[0]!))])
  }
}

test("each chart has a table, a file with the same figures, an address with its days, and what its figures are", async () => {
  const docs = readFileSync(join(import.meta.dir, "../../docs/reference/analytics.md"), "utf8")
  const seen: string[] = []
  const drawn = new Set<string>()
  for (const entry of ALL_PAGES) {
    const { path, viewer, kind = "page" } = entry
    if (kind !== "page" || path === "/_ui") continue
    const agent = agents[viewer === "anyone" ? "person" : viewer]
    const address = addressOf(world, entry)
    for (const query of ["", "range=7d"]) {
      const at = query === "" ? address : `${address.split("?")[0]}?${query}`
      const { url, text } = await agent.get(at)
      // Where it leads elsewhere, that page is read by its own address.
      if (new URL(url).pathname !== new URL(at).pathname) break
      const charts = chartsOf(text)
      if (charts.length === 0) break
      const said = [...text.slice(text.indexOf('id="definitions"')).matchAll(/<dt>([^<]*)<\/dt>\s*<dd>([^<]*)<\/dd>/g)]
      expect([path, said.length > 0]).toEqual([path, true])
      for (const [, label, words] of said)
        expect([path, label, docs.includes(`| ${plainText(words!)} |`)]).toEqual([path, label, true])
      for (const chart of charts) {
        const name = `${path} ${chart.id}`
        if (query === "") seen.push(name)
        expect([name, chart.sectionId === ""]).toEqual([name, false])
        expect([name, linkOf(chart.section, "What is this?")]).toEqual([name, "#definitions"])
        const [here = "", hash] = (linkOf(chart.section, "Link here") ?? "").split("#")
        expect([name, hash]).toEqual([name, chart.sectionId])
        const again = await agent.get(new URL(here, at).href)
        const same = chartsOf(again.text).find(({ id }) => id === chart.id)
        // With the same days, whatever the page shows without a word.
        expect([name, same && tableOf(same)]).toEqual([name, tableOf(chart)])
        const csv = linkOf(chart.section, "CSV")
        expect([name, csv === null]).toEqual([name, false])
        const file = await agent.get(new URL(csv!, at).href)
        expect([name, file.status, file.text.includes("<html")]).toEqual([name, 200, false])
        compare(name, chart, fileOf(file.text))
        if (tableOf(chart).rows.some(({ values }) => values.some((value) => value > 0))) drawn.add(name)
      }
    }
  }
  // None of those that are known is out of sight here, and each but these has something to tell.
  const known = [...Object.keys(DRAWN), ...Object.keys(CELLS)].filter((name) => !ONE_MODEL.has(name))
  expect(seen.toSorted()).toEqual(known.toSorted())
  expect(seen.filter((name) => !drawn.has(name)).toSorted()).toEqual(NOTHING.toSorted())
}, 120_000)

test("the overview counts the apps of developers, and those that the directory shows", async () => {
  const { read } = world.server.app.store
  const count = (sql: string): number => read.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`)!.n
  const listed = count("directory_listings WHERE state = 'listed'")
  expect(listed).toBeGreaterThan(0)
  const text = plainText((await agents.admin.get(world.server.at("/admin"))).text)
  const apps = count("v_oauth_clients WHERE type <> 'first-party' AND mode = 'live'")
  expect(text.replace(/\s+/g, " ")).toContain(`Apps ${apps} ${listed} listed in the directory`)
})
