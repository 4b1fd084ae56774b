// Every metric of every page, API and file against a naive recomputation from 100,000 calls of 50 people through 10 apps of 4 developers, in
// live and test mode: at three ranges and in three time zones of the browser.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { lastDays, nameOfDay, RANGES, type Span, spanBefore } from "../../src/analytics/index.ts"
import { amountJson, creditsDecimal, dayOf, HOUR_MS, type Nano, nano, usdDecimal } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { type FiguresWorld, makeFiguresWorld, type Noted } from "../figures-world.ts"

const CALLS = 100_000
interface Told {
  totals: object
  previous: object
  data: { key: string; newUsers: unknown }[]
}

let world: FiguresWorld
let now: number

beforeAll(async () => {
  world = await makeFiguresWorld({ calls: CALLS, users: 50 })
  now = world.clock.now()
}, 240_000)
afterAll(() => world?.server.close())

const sum = (rows: readonly Noted[], of: (one: Noted) => number): number =>
  rows.reduce((total, one) => total + of(one), 0)
const charged = (rows: readonly Noted[]) => rows.filter(({ refused }) => !refused)
const within = (rows: readonly Noted[], { from, to }: Span) => rows.filter(({ day }) => day >= from && day <= to)
const people = (rows: readonly Noted[]): number => new Set(rows.map(({ user }) => user)).size
const live = () => world.noted.filter(({ mode }) => mode === "live")
const mean = (total: number, count: number): number | null => (count === 0 ? null : Math.round(total / count))
const daysOf = ({ from, to }: Span): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const cells = (csv: string): string[][] =>
  csv
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(","))
const text = (value: number | null): string => (value === null ? "" : String(value))
/** Tables of a page by their caption: the text of each cell. */
function tableOf(html: string, caption: string): string[][] {
  const table = html.match(/<table[\s\S]*?<\/table>/g)?.find((one) => {
    const said = /<caption[^>]*>([\s\S]*?)<\/caption>/.exec(one)?.[1]?.trim()
    return said === caption
  })
  const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(table ?? "")?.[1] ?? ""
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => cell!.replace(/<[^>]*>/g, "").trim()),
  )
}
/** A figure of the page by its label, as it is written, and exactly where its title says so. */
function statOf(html: string, label: string): string {
  const found = new RegExp(`<dt>${label}</dt>\\s*<dd>([\\s\\S]*?)</dd>`).exec(html)?.[1] ?? `no ${label}`
  return /<span class="num"[^>]*>([\s\S]*?)<\/span>/.exec(found)?.[1]?.trim() ?? found.replace(/<[^>]*>/g, "").trim()
}
const grouped = (value: number): string => value.toLocaleString("en-US")
const ZONES = ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"]

/** The page as somebody elsewhere gets it, without what is new in every answer. */
async function everywhere(agent: WebAgent, path: string): Promise<string> {
  const pages: string[] = []
  for (const zone of ZONES) {
    agent.setCookie(world.server.at(path), "purser_zone", zone)
    const page = await agent.get(world.server.at(path))
    expect([path, page.status]).toEqual([path, 200])
    pages.push(figuresOf(page.text))
  }
  expect(pages[1]).toBe(pages[0]!)
  expect(pages[2]).toBe(pages[0]!)
  return pages[0]!
}
const figuresOf = (html: string): string =>
  [...html.matchAll(/<dl class="stats[\s\S]*?<\/dl>|<table[\s\S]*?<\/table>/g)]
    .join("\n")
    // The moment of one call is the reader's; days of figures are not.
    .replace(/<time datetime="([^"]+)"[^>]*>[^<]*<\/time>/g, "$1")

/** As a developer and an operator read it. */
const PAID_BY = {
  platform: "Credits",
  own: "People’s own provider keys",
  cache: "Nobody: it came from the cache",
  refused: "Nobody: it was refused",
}
const PAYER_NAMES = {
  platform: "Your credits",
  own: "Your own provider keys",
  cache: "Nobody: it came from the cache",
  refused: "Nobody: it was refused",
}

describe("a person's usage", () => {
  const usedBy = (rows: readonly Noted[]) => [
    creditsDecimal(nano(sum(rows, ({ charge }) => charge))),
    String(charged(rows).length),
    String(rows.filter(({ failed }) => failed).length),
    String(rows.filter(({ refused }) => refused).length),
    String(sum(rows, ({ input }) => input)),
    String(sum(rows, ({ output }) => output)),
  ]

  test("each cut of each range, on the page and as a file, with filters of app, key and model", async () => {
    for (const at of [0, 40]) {
      const { user, key } = world.users[at]!
      const agent = await signedIn(world.server, user.email)
      const own = live().filter((one) => one.user === user.id)
      const app = world.apps[2]!
      const filters: [string, (one: Noted) => boolean][] = [
        ["", () => true],
        [`&app=${app.publicId}`, (one) => one.client === app.id],
        [`&key=${key.publicId}`, (one) => one.key === key.id],
        ["&model=gpt-5-mini", (one) => one.model === "gpt-5-mini"],
      ]
      const appName = (id: number) => (id === 0 ? "Your own keys" : world.apps.find((one) => one.id === id)!.name)
      const names: Record<string, (one: Noted) => string | null> = {
        app: (one) => appName(one.client),
        model: (one) => one.model,
        endpoint: (one) => one.endpoint,
        scope: (one) => ({ llm: "Chat", embeddings: "Embeddings", mcp: "Tools" })[one.scope]!,
        payer: ({ refused, payer }) => PAYER_NAMES[refused ? "refused" : payer],
        key: (one) => (one.client !== 0 ? null : one.key === 0 ? "Without a key" : key.name),
      }
      for (const range of RANGES) {
        const span = lastDays(range, now)
        for (const [filter, isAsked] of at === 0 ? filters : filters.slice(0, 1)) {
          const rows = within(own, span).filter(isAsked)
          const query = `range=${range}${filter}`
          const csv = async (by: string) =>
            cells((await agent.get(world.server.at(`/usage.csv?${query}&by=${by}`))).text)
          expect([query, await csv("day")]).toEqual([
            query,
            daysOf(span).map((day) => [nameOfDay(day), ...usedBy(rows.filter((one) => one.day === day))]),
          ])
          for (const [by, nameOf] of Object.entries(names)) {
            const expected = [...Map.groupBy(rows, nameOf)]
              .filter(([name]) => name !== null)
              .map(([name, own]) => [name!, ...usedBy(own)])
            expect([query, by, (await csv(by)).toSorted()]).toEqual([query, by, expected.toSorted()])
          }
        }
        const rows = within(own, span)
        const html = await everywhere(agent, `/usage?range=${range}`)
        expect(statOf(html, "Calls")).toBe(grouped(charged(rows).length))
        expect(statOf(html, "Tokens in")).toBe(grouped(sum(rows, ({ input }) => input)))
        expect(statOf(html, "Tokens out")).toBe(grouped(sum(rows, ({ output }) => output)))
        const models = tableOf(html, "By model").map(([name, , calls, failed]) => [name, calls, failed])
        expect(models.toSorted()).toEqual(
          [...Map.groupBy(rows, ({ model }) => model)]
            .map(([name, own]) => [
              name,
              grouped(charged(own).length),
              grouped(own.filter(({ failed }) => failed).length),
            ])
            .toSorted(),
        )
      }
      const before = within(own, spanBefore(lastDays("30d", now)))
      const report = await world.server.app.analytics.person({
        userId: user.id,
        mode: "live",
        span: lastDays("30d", now),
        filter: {},
      })
      expect([report.before.calls, report.before.usedNano as number, report.before.refused]).toEqual([
        charged(before).length,
        sum(before, ({ charge }) => charge),
        before.filter(({ refused }) => refused).length,
      ])
    }
  }, 120_000)

  test("the dashboard's seven figures and three charts", async () => {
    const { user } = world.users[0]!
    const agent = await signedIn(world.server, user.email)
    const own = live().filter((one) => one.user === user.id)
    const html = await everywhere(agent, "/dashboard?range=90d")
    const { from } = lastDays("90d", now)
    const summary = world.server.app.usage.summary(user.id, "live", now, 90)
    const today = own.filter(({ day }) => day === dayOf(now))
    expect(summary.today.collectedNano as number).toBe(sum(today, ({ charge }) => charge))
    const month = dayOf(Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth(), 1))
    expect(summary.month.collectedNano as number).toBe(
      sum(
        own.filter(({ day }) => day >= month),
        ({ charge }) => charge,
      ),
    )
    expect(summary.days.map(({ collectedNano }) => collectedNano as number)).toEqual(
      daysOf({ from, to: dayOf(now) }).map((day) =>
        sum(
          own.filter((one) => one.day === day),
          ({ charge }) => charge,
        ),
      ),
    )
    expect(html).toContain("Used this month")
  }, 60_000)
})

describe("a developer's apps", () => {
  const figures = (rows: readonly Noted[]) => {
    const [asked, refused] = [charged(rows), rows.filter((one) => one.refused).length]
    const errors = rows.filter(({ failed }) => failed).length
    return {
      calls: asked.length,
      errors,
      refused,
      errorRate:
        rows.length === 0 ? null : (Math.round(((errors + refused) * 10_000) / rows.length) / 10_000).toFixed(4),
      activeUsers: people(rows),
      inputTokens: sum(rows, ({ input }) => input),
      outputTokens: sum(rows, ({ output }) => output),
      averageLatencyMs: mean(
        sum(rows, ({ latency }) => latency),
        asked.length,
      ),
    }
  }
  const newIn = (clients: readonly number[], { from, to }: Span) =>
    world.letIn.filter(({ client, day }) => clients.includes(client) && day >= from && day <= to).length

  test("the app API: use and revenue, each cut and filter, as JSON and as a file", async () => {
    for (const at of [0, 3, 9]) {
      const client = world.apps[at]!
      const ownerId = world.developers[at % 4]!.id
      const input = { ownerId, clientPublicId: client.publicId, name: "Server", scopes: ["usage", "revenue"] }
      const { secret } = await world.server.app.appKeys.create(CTX, input)
      const ask = (path: string, accept = "application/json") =>
        fetch(world.server.at(`/v1/app/analytics/${path}`), { headers: { authorization: `Bearer ${secret}`, accept } })
      const own = world.noted.filter((one) => one.client === client.id)
      for (const range of RANGES) {
        const span = lastDays(range, now)
        const rows = within(own, span)
        for (const by of ["day", "endpoint", "model", "scope"] as const) {
          const told = (await (await ask(`usage?range=${range}&by=${by}`)).json()) as Told
          expect(told.totals).toEqual({ ...figures(rows), newUsers: newIn([client.id], span) })
          expect(told.previous).toMatchObject(figures(within(own, spanBefore(span))))
          const parts =
            by === "day"
              ? daysOf(span).map((day) => [nameOfDay(day), rows.filter((one) => one.day === day)] as const)
              : [...Map.groupBy(rows, (one) => one[by])]
          const expected = parts.map(([key, part]) => ({ key, ...figures(part) }))
          const data = told.data.map(({ newUsers: _, ...row }) => row)
          expect(data.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
            expected.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
          )
        }
        const filtered = (await (await ask(`usage?range=${range}&model=gpt-5-mini&endpoint=responses`)).json()) as {
          totals: object
        }
        expect(filtered.totals).toMatchObject(
          figures(rows.filter(({ model, endpoint }) => model === "gpt-5-mini" && endpoint === "responses")),
        )
        const earned = sum(rows, (one) => one.earned)
        const revenue = (await (await ask(`revenue?range=${range}`)).json()) as { totals: object }
        expect(revenue.totals).toMatchObject({
          charged: amountJson(nano(sum(rows, ({ charge }) => charge))),
          developerShare: amountJson(nano(earned)),
          perActiveUser: people(rows) === 0 ? null : amountJson(Math.floor(earned / people(rows)) as Nano),
        })
        const file = cells(await (await ask(`revenue?range=${range}`, "text/csv")).text())
        expect(file.map(([key, calls, , , , share]) => [key, calls, share])).toEqual(
          daysOf(span).map((day) => {
            const part = rows.filter((one) => one.day === day)
            return [nameOfDay(day), String(charged(part).length), creditsDecimal(nano(sum(part, (one) => one.earned)))]
          }),
        )
      }
    }
  }, 120_000)

  test("the page of all live apps and of one, and its file", async () => {
    const agent = await signedIn(world.server, world.developers[1]!.email)
    const mine = world.apps.filter((_, at) => at % 4 === 1)
    const liveIds = mine.filter(({ mode }) => mode === "live").map(({ id }) => id as number)
    for (const [query, clients] of [
      ["", liveIds],
      [`&app=${mine[0]!.publicId}`, [mine[0]!.id as number]],
      [`&app=${mine.at(-1)!.publicId}`, [mine.at(-1)!.id as number]],
    ] as const) {
      for (const range of RANGES) {
        const span = lastDays(range, now)
        const rows = within(world.noted, span).filter(({ client }) => clients.includes(client))
        const html = await everywhere(agent, `/developer/analytics?range=${range}${query}`)
        expect(statOf(html, "Active users")).toBe(grouped(people(rows)))
        expect(statOf(html, "New users")).toBe(grouped(newIn(clients, span)))
        expect(statOf(html, "Calls")).toBe(grouped(charged(rows).length))
        const paid = await agent.get(world.server.at(`/developer/analytics/export?range=${range}${query}&by=payer`))
        const byPayer = [...Map.groupBy(rows, ({ refused, payer }) => PAID_BY[refused ? "refused" : payer])]
        expect(
          cells(paid.text)
            .map(([name, calls, failed, refused, active, , charge, earned]) => [
              name,
              calls,
              failed,
              refused,
              active,
              charge,
              earned,
            ])
            .toSorted(),
        ).toEqual(
          byPayer
            .map(([name, part]) => [
              name,
              String(charged(part).length),
              String(part.filter(({ failed }) => failed).length),
              String(part.filter(({ refused }) => refused).length),
              String(people(part)),
              creditsDecimal(nano(sum(part, ({ charge }) => charge))),
              creditsDecimal(nano(sum(part, ({ earned }) => earned))),
            ])
            .toSorted(),
        )
        const file = await agent.get(world.server.at(`/developer/analytics/export?range=${range}${query}`))
        expect(cells(file.text)).toEqual(
          daysOf(span).map((day) => {
            const part = rows.filter((one) => one.day === day)
            return [
              nameOfDay(day),
              String(charged(part).length),
              String(part.filter(({ failed }) => failed).length),
              String(part.filter(({ refused }) => refused).length),
              String(people(part)),
              String(newIn(clients, { from: day, to: day })),
              text(
                mean(
                  sum(part, ({ latency }) => latency),
                  charged(part).length,
                ),
              ),
              creditsDecimal(nano(sum(part, ({ charge }) => charge))),
              creditsDecimal(nano(sum(part, ({ earned }) => earned))),
            ]
          }),
        )
      }
    }
  }, 120_000)
})

describe("the whole house", () => {
  const usd = (amount: number) => usdDecimal(nano(amount))
  const money = (rows: readonly Noted[]) => {
    const [used, upstream, earned] = [
      sum(rows, ({ charge }) => charge),
      sum(rows, ({ upstreamNano }) => upstreamNano),
      sum(rows, (one) => one.earned),
    ]
    return [creditsDecimal(nano(used)), usd(upstream), usd(earned), usd(used - upstream - earned)]
  }
  const times = (rows: readonly Noted[]) => {
    const first = rows.flatMap(({ firstToken }) => firstToken ?? [])
    return [
      text(
        mean(
          sum(rows, ({ latency }) => latency),
          rows.length,
        ),
      ),
      text(
        mean(
          first.reduce((total, one) => total + one, 0),
          first.length,
        ),
      ),
    ]
  }
  const sorted = (rows: string[][]) => rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1))
  let agent: WebAgent
  beforeAll(async () => {
    agent = await signedIn(world.server, world.admin.email)
  })

  test("each part of each range as a file, and the figures of the page", async () => {
    for (const range of RANGES) {
      const span = lastDays(range, now)
      const rows = within(live(), span)
      const before = within(live(), spanBefore(span))
      const csv = async (part: string) =>
        cells((await agent.get(world.server.at(`/admin/analytics.csv?range=${range}&part=${part}`))).text)
      const days = await csv("days")
      expect(days.map((row) => row.slice(0, 11))).toEqual(
        daysOf(span).map((day) => {
          const part = rows.filter((one) => one.day === day)
          const joined = world.users.filter(({ joinedMs }) => dayOf(joinedMs) === day).length
          return [
            nameOfDay(day),
            String(charged(part).length),
            String(part.filter(({ failed }) => failed).length),
            String(part.filter(({ refused }) => refused).length),
            String(people(part)),
            String(joined),
            times(charged(part))[0]!,
            ...money(part),
          ]
        }),
      )
      const models = [...Map.groupBy(charged(rows), ({ model }) => model)].map(([model, own]) => [
        model,
        String(own.length),
        String(own.filter(({ failed }) => failed).length),
        ...times(own),
        String(sum(own, ({ input }) => input)),
        String(sum(own, ({ output }) => output)),
        ...money(own),
      ])
      expect(sorted(await csv("models"))).toEqual(sorted(models))
      const payers = [...Map.groupBy(charged(rows), ({ payer }) => payer)].map(([payer, own]) => [
        PAID_BY[payer],
        String(own.length),
        String(own.filter(({ failed }) => failed).length),
        ...times(own),
        String(sum(own, ({ input }) => input)),
        String(sum(own, ({ output }) => output)),
        ...money(own),
      ])
      expect(sorted(await csv("payers"))).toEqual(sorted(payers))
      const upstreams = [...Map.groupBy(charged(rows), ({ upstream }) => upstream)].map(([upstream, own]) => [
        String(own.length),
        ...money(own),
        upstream === 0 ? "No upstream" : "An upstream that is gone",
      ])
      expect(
        sorted((await csv("upstreams")).map(([name, calls, , , , , , ...amounts]) => [calls!, ...amounts, name!])),
      ).toEqual(sorted(upstreams))
      const codes = (isRefused: boolean) =>
        [
          ...Map.groupBy(
            rows.filter((one) => (isRefused ? one.refused : one.failed)),
            ({ code }) => code,
          ),
        ].map(([code, own]) => [code, String(own.length)])
      expect(sorted(await csv("errors"))).toEqual(sorted(codes(false)))
      expect(sorted(await csv("refusals"))).toEqual(sorted(codes(true)))
      const hours = await csv("hours")
      expect(hours).toHaveLength(7 * 24)
      const expected = Map.groupBy(charged(rows), ({ atMs }) => {
        const date = new Date(atMs)
        return `${date.getUTCDay() || 7} ${date.getUTCHours()}`
      })
      for (const [weekday, hour, calls] of hours) {
        const key = `${weekday} ${hour}`
        expect([key, Number(calls)]).toEqual([key, expected.get(key)?.length ?? 0])
      }
      const byUser = [...Map.groupBy(charged(rows), ({ user }) => user)]
        .map(([user, own]) => ({ user, used: sum(own, ({ charge }) => charge), calls: own.length }))
        .sort((a, b) => b.used - a.used)
        .slice(0, 20)
      expect(await csv("users")).toEqual(
        byUser.map(({ user, used, calls }) => {
          const one = world.users.find(({ user: { id } }) => id === user)!.user
          return [one.publicId, one.email, String(calls), creditsDecimal(nano(used))]
        }),
      )
      const apps = await csv("apps")
      expect(apps.map(([id]) => id)).not.toContain(world.apps.at(-1)!.publicId)
      for (const [id, , calls, used, earned] of apps) {
        const client = world.apps.find(({ publicId }) => publicId === id)!
        const own = charged(rows).filter((one) => one.client === client.id)
        expect([id, calls, used, earned]).toEqual([id, String(own.length), money(own)[0]!, money(own)[2]!])
      }
      const html = await everywhere(agent, `/admin/analytics?range=${range}`)
      expect(statOf(html, "Active users")).toBe(grouped(people(rows)))
      expect(statOf(html, "Calls")).toBe(grouped(charged(rows).length))
      const ids = new Set(rows.map(({ user }) => user))
      const lost = new Set(before.map(({ user }) => user).filter((id) => !ids.has(id))).size
      const report = await world.server.app.analytics.house({ span, nowMs: now })
      expect([report.churned, report.before.activeUsers, report.before.calls]).toEqual([
        lost,
        people(before),
        charged(before).length,
      ])
      expect([report.before.collectedNano as number, report.before.refused]).toEqual([
        sum(before, ({ charge }) => charge),
        before.filter(({ refused }) => refused).length,
      ])
    }
  }, 120_000)

  test("cohorts by month of the sign-up", async () => {
    const rows = cells((await agent.get(world.server.at("/admin/analytics.csv?part=cohorts"))).text)
    const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7)
    const joined = (month: string) => world.users.filter(({ joinedMs }) => monthOf(joinedMs) === month)
    expect(new Set(rows.map(([month]) => month)).size).toBe(6)
    let seen = 0
    for (const [month, signedUp, later, active] of rows) {
      const [year, first] = month!.split("-").map(Number) as [number, number]
      const then = monthOf(Date.UTC(year, first - 1 + Number(later), 1))
      const own = new Set(joined(month!).map(({ user }) => user.id as number))
      const called = new Set(
        live()
          .filter(({ user, atMs }) => own.has(user) && monthOf(atMs) === then)
          .map(({ user }) => user),
      )
      // The operator and the developers signed up in the first month, too.
      const others = month === monthOf(world.users[0]!.joinedMs) ? world.developers.length + 1 : 0
      expect([month, later, Number(signedUp), Number(active)]).toEqual([month, later, own.size + others, called.size])
      seen += called.size
    }
    expect(seen).toBeGreaterThan(50)
  })

  test("how it stands now, on the overview", async () => {
    const html = await everywhere(agent, "/admin")
    const lastDay = charged(live()).filter(({ atMs }) => Math.floor(atMs / HOUR_MS) > Math.floor(now / HOUR_MS) - 24)
    expect(lastDay.length).toBeGreaterThan(0)
    expect(statOf(html, "Calls in 24 hours")).toBe(grouped(lastDay.length))
    expect(statOf(html, "Active today")).toBe(grouped(people(live().filter(({ day }) => day === dayOf(now)))))
    expect(statOf(html, "Active in 30 days")).toBe(grouped(people(within(live(), lastDays("30d", now)))))
    expect(statOf(html, "Developers")).toBe("4")
    const { pendingNano, payableNano } = await world.server.app.analytics.houseNow({ nowMs: now })
    expect(pendingNano + payableNano).toBe(sum(live(), (one) => one.earned))
  })

  test("the same for programs, by an admin's key", async () => {
    const input = { userId: world.admin.id, name: "Figures", scopes: ["admin:settings"] }
    const { secret } = await world.server.app.keys.create(CTX, input)
    const response = await fetch(world.server.at("/api/v1/admin/analytics?range=90d"), {
      headers: { authorization: `Bearer ${secret}` },
    })
    expect(response.status).toBe(200)
    const told = (await response.json()) as { totals: Record<string, unknown>; days: unknown[]; churned: number }
    const rows = within(live(), lastDays("90d", now))
    expect(told.days).toHaveLength(90)
    expect(told.totals).toMatchObject({
      calls: charged(rows).length,
      active_users: people(rows),
      used: amountJson(nano(sum(rows, ({ charge }) => charge))),
      developers: amountJson(nano(sum(rows, (one) => one.earned))),
    })
  })
})

describe("the health of an app", () => {
  const UNPAID = ["insufficient_credits", "app_daily_limit_exceeded"]
  const BOUNDS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]
  const ownerOf = (at: number) => world.developers[at % 4]!
  const byCode = (rows: readonly Noted[], isOf: (one: Noted) => boolean) =>
    [...Map.groupBy(rows.filter(isOf), ({ code, refused }) => `${code},${refused ? "yes" : "no"}`)].map(
      ([key, own]) => [...key.split(","), String(own.length), String(people(own))],
    )
  const answered = (rows: readonly Noted[]) => rows.filter(({ refused, failed, gone }) => !refused && !failed && !gone)
  const classes = (rows: readonly Noted[]) =>
    [...BOUNDS, Number.POSITIVE_INFINITY].map(
      (to, at) => answered(rows).filter(({ latency }) => latency > (BOUNDS[at - 1] ?? -1) && latency <= to).length,
    )
  /** The bound of the class in which the call of that rank is. */
  const within = (rows: readonly Noted[], percent: number): string => {
    const times = answered(rows)
      .map(({ latency }) => latency)
      .sort((a, b) => a - b)
    const ms = times[Math.ceil((times.length * percent) / 100) - 1]!
    const bound = BOUNDS.find((one) => ms <= one)!
    return bound < 1_000 ? `${bound} ms` : `${bound / 1_000} s`
  }
  const file = async (agent: WebAgent, path: string, part: string) =>
    cells((await agent.get(world.server.at(`${path.replace("?", "/export?")}&part=${part}`))).text)
  const rowsIn = (client: number, span: Span) =>
    world.noted.filter((one) => one.client === client && one.day >= span.from && one.day <= span.to)

  test("errors by kind, charges that failed, classes of time and the slowest calls, on the page, as files and by API", async () => {
    for (const at of [0, 5, 9]) {
      const client = world.apps[at]!
      const agent = await signedIn(world.server, ownerOf(at).email)
      const { secret } = await world.server.app.keys.create(CTX, {
        userId: ownerOf(at).id,
        name: `Health ${at}`,
        scopes: ["manage"],
      })
      for (const range of RANGES) {
        const rows = rowsIn(client.id, lastDays(range, now))
        const path = `/developer/apps/${client.publicId}/health?range=${range}`
        const html = await everywhere(agent, path)
        const kinds = byCode(rows, ({ refused, failed }) => refused || failed)
        expect([path, (await file(agent, path, "errors")).toSorted()]).toEqual([path, kinds.toSorted()])
        expect(
          tableOf(html, "Errors by kind")
            .map(([code, , calls, users]) => [code, calls, users])
            .toSorted(),
        ).toEqual(
          kinds.map(([code, , calls, users]) => [code, grouped(Number(calls)), grouped(Number(users))]).toSorted(),
        )
        const unpaid = byCode(rows, ({ refused, code }) => refused && UNPAID.includes(code))
        const told = await file(agent, path, "unpaid")
        expect(told.map((row) => row.slice(0, 4)).toSorted()).toEqual(unpaid.toSorted())
        expect(told.map((row) => Number(row[4]))).toEqual(unpaid.map(() => 0))
        expect(await file(agent, path, "days")).toEqual(
          daysOf(lastDays(range, now)).map((day) => {
            const part = rows.filter((one) => one.day === day)
            const counts = [charged(part), part.filter(({ failed }) => failed), part.filter((one) => one.refused)]
            return [nameOfDay(day), ...counts.map(({ length }) => String(length))]
          }),
        )
        expect((await file(agent, path, "times")).map(([, calls]) => Number(calls))).toEqual(classes(rows))
        expect(statOf(html, "Answered")).toBe(grouped(answered(rows).length))
        expect(statOf(html, "Failed")).toBe(grouped(rows.filter(({ failed }) => failed).length))
        expect(statOf(html, "Refused")).toBe(grouped(rows.filter(({ refused }) => refused).length))
        expect(statOf(html, "Charges that failed")).toBe(grouped(unpaid.reduce((all, row) => all + Number(row[2]), 0)))
        expect(statOf(html, "Half within")).toBe(within(rows, 50))
        expect(statOf(html, "95 of 100 within")).toBe(within(rows, 95))
        expect(statOf(html, "99 of 100 within")).toBe(within(rows, 99))
        const slow = await file(agent, path, "slow")
        const slowest = answered(rows).toSorted((a, b) => b.latency - a.latency)
        expect(slow.map((row) => Number(row[5]))).toEqual(slowest.slice(0, 10).map(({ latency }) => latency))
        for (const [id, , user, endpoint, model, ms] of slow) {
          const one = rows.find((own) => own.id === id)!
          expect([endpoint, model, Number(ms)]).toEqual([one.endpoint, one.model, one.latency])
          expect(user).toBe(world.users.find(({ user: { id: own } }) => own === one.user)!.user.publicId)
        }
        const response = await fetch(world.server.at(`/api/v1${path}`), {
          headers: { authorization: `Bearer ${secret}` },
        })
        const api = (await response.json()) as {
          errors: { code: string; refused: boolean; calls: number; people: number }[]
          times: { calls: number }[]
          slow: { id: string }[]
        }
        expect(
          api.errors
            .map((one) => [one.code, one.refused ? "yes" : "no", String(one.calls), String(one.people)])
            .toSorted(),
        ).toEqual(kinds.toSorted())
        expect(api.times.map(({ calls }) => calls)).toEqual(classes(rows))
        expect(api.slow.map(({ id }) => id)).toEqual(slow.map(([id]) => id!))
      }
      const strange = world.apps[(at + 1) % world.apps.length]!
      expect((await agent.get(world.server.at(`/developer/apps/${strange.publicId}/health/export`))).status).toBe(404)
      const wrong = `/developer/apps/${client.publicId}/health/export?part=prompts`
      expect((await agent.get(world.server.at(wrong))).status).toBe(404)
    }
  }, 120_000)

  test("the calls one by one: each of the last 90 days once, by whatever filter", async () => {
    for (const at of [1, 9]) {
      const client = world.apps[at]!
      const rows = rowsIn(client.id, lastDays("90d", now))
      const { secret } = await world.server.app.keys.create(CTX, {
        userId: ownerOf(at).id,
        name: `Calls ${at}`,
        scopes: ["manage"],
      })
      const read = async (filter: string): Promise<string[]> => {
        const ids: string[] = []
        for (let before: string | null = ""; before !== null; ) {
          const query = `limit=100${filter}${before === "" ? "" : `&before=${before}`}`
          const page = await fetch(world.server.at(`/api/v1/developer/apps/${client.publicId}/requests?${query}`), {
            headers: { authorization: `Bearer ${secret}` },
          })
          const told = (await page.json()) as { data: { id: string }[]; next: string | null }
          ids.push(...told.data.map(({ id }) => id))
          before = told.next
        }
        return ids
      }
      const idsOf = (isOf: (one: Noted) => boolean) => rows.filter(isOf).map(({ id }) => id)
      const failed = await read("&only=failed")
      expect(failed.toSorted()).toEqual(idsOf((one) => one.failed).toSorted())
      const named = await read("&only=answered&model=claude-haiku-4-5")
      expect(named.toSorted()).toEqual(
        idsOf((one) => !one.failed && !one.refused && one.model === "claude-haiku-4-5").toSorted(),
      )
      expect(await read("&model=nobody-asked-for-it")).toEqual([])
    }
  }, 120_000)

  // The last of all: what is charged here is in no notebook.
  test("answered and not paid in full: how much is missing", async () => {
    const { app } = world.server
    const client = world.apps[0]!
    const poor = await makeUser(app)
    const owner = { kind: "principal", id: poor.id } as const
    const [had, cost] = [nano(1_000_000), 3_500_000]
    const grant = { owner, mode: "live", type: "topup", bucket: "purchase", paid: true, key: "poor" } as const
    await app.store.write(CTX, (tx) => {
      app.ledger.grantIn(tx, { ...grant, amountNano: had })
      const hold = app.ledger.holdIn(tx, {
        owner,
        mode: "live",
        amountNano: had,
        callId: "req_00000000000000000000000000",
        scope: "llm",
        clientId: client.id,
        keyId: null,
        routeId: null,
        leaseMs: 60_000,
        inputCostNano: nano(0),
      })
      const nothing = { firstTokenMs: null, cachedTokens: 0, reasoningTokens: 0, source: "reported" } as const
      app.ledger.settleIn(tx, {
        hold,
        charge: {
          totalNano: nano(cost),
          upstreamNano: nano(cost),
          developerNano: nano(0),
          platformNano: nano(0),
        },
        developer: null,
        call: { ...nothing, status: 200, errorCode: null, end: "done", latencyMs: 5, inputTokens: 1, outputTokens: 1 },
      })
    })
    const agent = await signedIn(world.server, ownerOf(0).email)
    const path = `/developer/apps/${client.publicId}/health?range=7d`
    const missing = creditsDecimal(nano(cost - had))
    expect((await file(agent, path, "unpaid")).filter(([, refused]) => refused === "no")).toEqual([
      ["", "no", "1", "1", missing],
    ])
    expect((await agent.get(world.server.at(path))).text).toContain("the credits ran out before all of it was paid")
  }, 60_000)
})
