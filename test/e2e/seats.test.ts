// What pages offer somebody who acts as a team, held to the table of rights: no form that their role may not send, on any page that it opens. And
// what was offered and taken away before the body ran: nothing of it runs.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { SEATS, seatOf } from "../../src/sites/base/index.ts"
import { type Right, ROLE_RIGHTS } from "../../src/teams/index.ts"
import { CTX } from "../build.ts"
import { pathOf } from "../routes.ts"
import { openSeatWorld, SEAT_ROLES, type SeatRole, type SeatWorld } from "../seat-world.ts"

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
  page: string
  action: string
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
      if (route !== null && OF_TEAM.test(route)) met.push({ page: pattern, action, route })
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
    expect([role, refused.map(({ page, route }) => `${page} → ${route}`)]).toEqual([role, []])
    offered[role] = new Set(met.map(({ route }) => route).filter((route) => SEATS.has(`POST ${route}`)))
    // Who only reads is told who may do more.
    const product = texts.get("/publisher/products/:product")!
    expect([role, product.includes("can change this.")]).toEqual([role, role === "billing" || role === "viewer"])
  }
  // Nobody is kept from what is theirs: the walk met forms of every right.
  expect([...offered.viewer]).toEqual([])
  for (const right of ["money", "spend", "build"])
    expect([...offered.owner].filter((route) => SEATS.get(`POST ${route}`) === right).length).toBeGreaterThan(3)
  expect(offered.admin).toEqual(offered.owner)
  expect([...offered.billing].toSorted()).toEqual(
    [...offered.owner].filter((route) => SEATS.get(`POST ${route}`) === "money").toSorted(),
  )
}, 300_000)
