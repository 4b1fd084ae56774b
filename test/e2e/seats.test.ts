// What pages offer somebody who acts as a team, held to the table of rights: no form that their role may not send, on any page that it opens. And
// what was offered and taken away before the body ran: nothing of it runs.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { closedTo, SEATS, seatOf } from "../../src/sites/base/index.ts"
import { type Right, ROLE_RIGHTS } from "../../src/teams/index.ts"
import { CTX } from "../build.ts"
import { pathOf } from "../routes.ts"
import { openSeatWorld, SEAT_ROLES, type SeatAgent, type SeatRole, type SeatWorld } from "../seat-world.ts"

let of: SeatWorld
beforeAll(async () => {
  of = await openSeatWorld()
}, 120_000)
afterAll(() => of?.world.server.close())

const OF_TEAM =
  /^\/(agreement|unfinished|dashboard|claims|credits|usage|redeem|apps|mcp|playground|keys|notices|announcements|support|settings|subscriptions|marketplace|acting|teams|developer|publisher)(\/|\.|$)/
/** Answers that end only when their reader leaves, and files. */
const NO_PAGE = /\/events$|\.csv$|\/export$|\.json$|\/pdf$|\/file$|\/postman$/

const may = (role: SeatRole, right: string): boolean => ROLE_RIGHTS[role].has(right as Right)
const gets = () =>
  of.world.server.routes
    .filter((route) => route.startsWith("GET ") && OF_TEAM.test(route.slice(4)) && !NO_PAGE.test(route))
    .map((route) => route.slice(4))

/** The route of an address, as the router finds it: plain parts before parameters. */
function routeOf(method: string, address: string): string | null {
  const parts = new URL(address, "http://localhost").pathname.split("/")
  const fits = of.world.server.routes
    .filter((route) => route.startsWith(`${method} `))
    .map((route) => route.slice(method.length + 1))
    .filter((path) => {
      const pattern = path.split("/")
      return pattern.length === parts.length && pattern.every((part, at) => part.startsWith(":") || part === parts[at])
    })
  const rank = (path: string) => path.replaceAll(":", "~")
  return fits.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0] ?? null
}

interface Met {
  /** The pattern of the page, and the page. */
  on: string
  page: Awaited<ReturnType<SeatAgent["get"]>>
  action: string
  /** The pattern that the form is sent to. */
  route: string
}
async function formsOf(role: SeatRole): Promise<{ pages: number; met: Met[]; texts: Map<string, string> }> {
  const { server } = of.world
  const met: Met[] = []
  const texts = new Map<string, string>()
  for (const pattern of gets()) {
    let path: string
    try {
      path = pathOf(of.world, pattern)
    } catch {
      continue
    }
    const page = await of.agents[role].get(server.at(path))
    if (page.status !== 200) continue
    texts.set(pattern, page.text)
    for (const { action } of page.forms) {
      const route = routeOf("POST", action)
      // GET forms, such as filters, lead to pages.
      if (route !== null && OF_TEAM.test(route)) met.push({ on: pattern, page, action, route })
    }
  }
  return { pages: texts.size, met, texts }
}

test("no page that a role opens has a form that the table of rights refuses it", async () => {
  const offered = {} as Record<SeatRole, Set<string>>
  for (const role of SEAT_ROLES) {
    const { pages, met, texts } = await formsOf(role)
    expect(pages).toBeGreaterThan(role === "viewer" ? 60 : role === "billing" ? 75 : 120)
    const refused = met.filter(({ route }) => {
      const seat = seatOf("POST", route)
      return seat === null || (seat !== "person" && !may(role, seat))
    })
    expect([role, refused.map(({ on, route }) => `${on} → ${route}`)]).toEqual([role, []])
    // Nor a link that leads to a refusal, where teams work.
    const closed = [...texts]
      .filter(
        ([pattern]) => /^\/(?:publisher|developer|marketplace|usage)/.test(pattern) && !pattern.includes("/test-users"),
      )
      .flatMap(([pattern, text]) =>
        [...text.matchAll(/<a [^>]*href="(\/[^"]*)"/g)]
          .filter(([, href]) => closedTo(role, "GET", href!) !== null)
          .map(([, href]) => `${pattern} → ${href}`),
      )
    expect([role, closed]).toEqual([role, []])
    offered[role] = new Set(met.map(({ route }) => route).filter((route) => SEATS.has(`POST ${route}`)))
    // Who only reads is told who may do more.
    const product = texts.get("/publisher/products/:product")!
    expect([role, product.includes("can change this.")]).toEqual([role, role === "billing" || role === "viewer"])
  }
  // Nobody is kept from what is theirs: the walk met forms of every right.
  expect([...offered.viewer]).toEqual([])
  for (const right of ["money", "spend", "build"])
    expect([...offered.owner].filter((route) => SEATS.get(`POST ${route}`) === right).length).toBeGreaterThan(3)
  const all = [...offered.owner.union(offered.admin)]
  expect([...offered.billing].toSorted()).toEqual(
    all.filter((route) => SEATS.get(`POST ${route}`) === "money").toSorted(),
  )
}, 300_000)

/** What a form asks for beside what stands in it, for those that would be sent back before anything is written. */
const TYPED: Record<string, string> = {
  name: "Paper Boat",
  title: "Paper Boat",
  slug: "paper-boat",
  price: "5",
  reason: "A test",
  text: "Thank you.",
  host: "api.example.com",
  question: "How?",
  answer: "So.",
  upstreamUrl: "https://api.example.com",
  body: "Words.",
  version: "2.0.0",
  method: "GET",
  path: "/new",
  label: "Write to us",
  target: "help@example.com",
  scope: "llm",
  email: "somebody@example.com",
  url: "https://hooks.example.com/x",
}

test("a role that is taken away between the gate and the body changes nothing: no body of a team's write runs", async () => {
  const { server } = of.world
  const { app } = server
  const { met } = await formsOf("admin")
  const sent = met.filter(({ route }) => (seatOf("POST", route) ?? "person") !== "person")
  const real = app.store.write
  const setRole = (role: "admin" | "viewer") => {
    const ref = { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId, role }
    return real(CTX, (tx) => app.teams.setRoleIn(tx, ref))
  }
  let now: string | null = null
  const [asked, ran, unasked] = [new Set<string>(), new Set<string>(), new Set<string>()]
  app.store.write = async (ctx, mutation, options) => {
    const route = now
    if (route === null || !ctx.actor.startsWith("user:")) return real(ctx, mutation, options)
    if (!ctx.admit) unasked.add(route)
    else asked.add(route)
    await setRole("viewer")
    const body: typeof mutation = (tx) => {
      ran.add(`${route}: ${ctx.reason}`)
      return mutation(tx)
    }
    return real(ctx, body, options)
  }
  const codes = new Map<string, number>()
  try {
    for (const { page, action, route } of sent) {
      now = route
      const empty = page.forms.find((form) => form.action === action)!.fields.filter(([, value]) => value === "")
      const typed = Object.fromEntries(empty.flatMap(([name]) => (TYPED[name] ? [[name, TYPED[name]]] : [])))
      const answer = await of.agents.admin.submit(page, action, typed)
      now = null
      if (asked.has(route) && !codes.has(route)) codes.set(route, answer.status)
      await setRole("admin")
    }
  } finally {
    app.store.write = real
  }
  expect([...ran]).toEqual([])
  expect([...unasked]).toEqual([])
  expect([...codes].filter(([, code]) => code !== 403)).toEqual([])
  expect(asked.size).toBeGreaterThan(40)
}, 300_000)
