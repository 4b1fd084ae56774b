// Acting as a team: which right each route needs then. One table and one gate: what is not in it is refused, so that a page that knows
// nothing of teams shows and spends nobody's by mistake. `person`: its reader's own, whatever they act as.
import { SeatPage } from "../../../views/console/seat.tsx"
import type { FrameUser } from "../../../views/layout/index.ts"
import type { Seat as Seated } from "../../../views/ui/seat.ts"
import { UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Membership, may, type Right, ROLE_WORDS, ROLES, type Role } from "../../teams/index.ts"
import type { PageRequest } from "./request.ts"
import { PORTAL_SEATS } from "./seats-portal.ts"

export type Seat = "person" | Right
export type Method = "GET" | "POST"

const K = "/keys/:key"
const ORDER = "/credits/orders/:order"
const CARDS = "/credits/cards"
const S = "/subscriptions/:subscription"
const M = "/marketplace/:api"
const MK = `${M}/keys/:productKey`
const INVOICE = "/credits/invoices/:invoice"

/** Method and pattern → what a role needs. */
export const SEATS: ReadonlyMap<string, Seat> = new Map([
  ...PORTAL_SEATS,
  ...Object.entries<Record<string, readonly string[]>>({
    see: {
      GET: [
        "/dashboard",
        "/dashboard/figures",
        "/dashboard/events",
        "/credits",
        "/credits.csv",
        "/usage",
        "/usage.csv",
        "/usage/requests/:ownrequest",
        "/subscriptions",
        S,
        `${M}/usage`,
        `${M}/usage.csv`,
        `${M}/calls`,
        `${M}/calls/:call`,
        `${M}/billing`,
      ],
    },
    money: {
      GET: [
        "/credits/low",
        "/credits/billing-details",
        CARDS,
        `${CARDS}/saved`,
        `${CARDS}/:card/removal`,
        ORDER,
        "/credits/invoices",
        INVOICE,
        `${INVOICE}/pdf`,
        `${INVOICE}/notes/:note`,
        "/subscriptions/billing",
        `${S}/plan`,
        `${S}/cancellation`,
        `${M}/subscribe`,
      ],
      POST: [
        "/credits/low",
        "/credits/billing-details",
        CARDS,
        `${CARDS}/new`,
        `${CARDS}/off`,
        `${CARDS}/:card/removal`,
        "/credits/packages/:package",
        `${ORDER}/payment`,
        `${ORDER}/end`,
        `${S}/plan`,
        `${S}/cancellation`,
        `${S}/resumption`,
        `${S}/payment`,
        `${M}/subscribe`,
      ],
    },
    spend: {
      GET: [
        "/keys",
        "/keys/new",
        K,
        `${K}/limits`,
        `${K}/secret`,
        `${K}/revocation`,
        `${M}/keys`,
        MK,
        `${MK}/secret`,
        `${MK}/revocation`,
      ],
      POST: [
        "/keys",
        K,
        `${K}/limits`,
        `${K}/secret`,
        `${K}/revocation`,
        `${K}/activation`,
        `${K}/deactivation`,
        `${M}/keys`,
        MK,
        `${MK}/secret`,
        `${MK}/revocation`,
        `${MK}/signatures`,
        `${MK}/signatures/end`,
        `${M}/docs/:endpoint`,
      ],
    },
  }).flatMap(([seat, methods]) =>
    Object.entries(methods).flatMap(([method, paths]) =>
      paths.map((path): [string, Seat] => [`${method} ${path}`, seat as Seat]),
    ),
  ),
])

/** A person's own: who they are, how they sign in, what they allowed apps, their notices and copies, and the teams themselves. */
const OWN =
  /^\/(?:agreement|unfinished|acting|teams|notices|announcements|support|apps|developer\/test-users|settings(?!\/(?:models|plan|webhooks)(?:\/|$))|marketplace(?=\/:api\/reviews\/))(?:\/|$)/

export const seatOf = (method: Method, path: string): Seat | null =>
  SEATS.get(`${method} ${path}`) ?? (OWN.test(path) ? "person" : null)

/** Whether a place of the sidebar leads somewhere for whoever acts so. */
export function isOpenTo(user: FrameUser | undefined, path: string): boolean {
  if (!user?.acting) return true
  const seat = seatOf("GET", path)
  return seat !== null && (seat === "person" || may(user.acting.role as Role, seat))
}

/** Addresses of pages that a team's people open while they act as it; what stands elsewhere asks nothing of their role. */
const HERE =
  /^\/(?:agreement|unfinished|dashboard|claims|credits|usage|redeem|apps|mcp|playground|keys|notices|announcements|support|settings|subscriptions|marketplace|acting|teams|developer|publisher)(?:\/|\.|$)/

/** Patterns by method and number of parts, the plainest first, as the router has it. */
const PATTERNS = Map.groupBy(
  [...SEATS.keys()].map((key) => {
    const [method, path] = key.split(" ") as [Method, string]
    return { method, path, parts: path.split("/") }
  }),
  ({ method, parts }) => `${method} ${parts.length}`,
)
const plainFirst = (path: string): string => path.replaceAll(":", "~")
for (const group of PATTERNS.values()) group.sort((a, b) => (plainFirst(a.path) < plainFirst(b.path) ? -1 : 1))

/** The pattern that an address is of; null: the table has none. */
function patternAt(method: Method, path: string): string | null {
  const parts = path.split("/")
  const fits = (pattern: readonly string[]) => pattern.every((part, at) => part.startsWith(":") || part === parts[at])
  return PATTERNS.get(`${method} ${parts.length}`)?.find((one) => fits(one.parts))?.path ?? null
}

/** Who may use an address in a team where somebody of this role may not; none: nobody. Null: they may. */
export function closedTo(role: Role, method: Method, address: string): readonly Role[] | null {
  const path = address.split(/[?#]/, 1)[0]!
  if (!HERE.test(path)) return null
  const pattern = patternAt(method, path) ?? path.replace(/^\/marketplace\/[^/]+\//, "/marketplace/:api/")
  const seat = seatOf(method, pattern)
  // Anybody reads the marketplace.
  if (seat === null) return method === "GET" && path.startsWith("/marketplace") ? null : []
  return seat === "person" || may(role, seat) ? null : ROLES.filter((one) => may(one, seat))
}

/** What pages offer somebody who acts as a team. */
export function seatFor({ acting }: FrameUser): Seated | null {
  if (!acting) return null
  const role = acting.role as Role
  return {
    team: acting.name,
    role: ROLE_WORDS[role] ?? "member",
    closedTo: (method, address) => closedTo(role, method, address)?.map((one) => ROLE_WORDS[one]) ?? null,
  }
}

/** The page as the one whom the session acts as; refused where the table does not name the route, or the role lacks its right. */
export function admit(page: PageRequest, method: Method, path: string): PageRequest | Response {
  const { acts } = page
  if (acts === null) return page
  const seat = seatOf(method, path)
  if (seat === "person") return page
  if (seat === null || !may(acts.role, seat)) return refusal(page, acts, seat)
  return asTeam(page, acts, seat)
}

/** For pages that anybody may read: as the team that the session acts as, whose people may all see what it has. */
export const seated = (page: PageRequest): PageRequest => (page.acts === null ? page : asTeam(page, page.acts, "see"))

/** Every write of such a page asks in its body again for what the gate asked for: a role may be taken away between the two. */
function asTeam(page: PageRequest, { team }: Membership, right: Right): PageRequest {
  const id = UserId(team.id)
  const admit = (tx: Tx) => page.requireSeatIn(tx, id, right)
  return {
    ...page,
    isTeam: true,
    owner: principal(id),
    holder: { id, publicId: team.publicId },
    ctx: (reason) => ({ ...page.ctx(reason), onBehalfOf: team.publicId, admit }),
  }
}

function refusal(page: PageRequest, { team }: Membership, seat: Seat | null): Response {
  const why = seat === null ? "own" : "role"
  return page.render((frame) => SeatPage({ frame, team: team.name, why }), { status: 403 })
}
