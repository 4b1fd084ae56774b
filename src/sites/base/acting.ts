// Acting as a team: which right each route needs then. One table and one gate: what is not in it is refused, so that a page that knows
// nothing of teams shows and spends nobody's by mistake. `person`: its reader's own, whatever they act as.
import { SeatPage } from "../../../views/console/seat.tsx"
import type { FrameUser } from "../../../views/layout/index.ts"
import { UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { type Membership, may, type Right, type Role } from "../../teams/index.ts"
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

/** The page as the one whom the session acts as; refused where the table does not name the route, or the role lacks its right. */
export function admit(page: PageRequest, method: Method, path: string): PageRequest | Response {
  const { acts } = page
  if (acts === null) return page
  const seat = seatOf(method, path)
  if (seat === "person") return page
  if (seat === null || !may(acts.role, seat)) return refusal(page, acts, seat)
  return asTeam(page, acts)
}

/** For pages that anybody may read: as the team that the session acts as, whose people may all see what it has. */
export const seated = (page: PageRequest): PageRequest => (page.acts === null ? page : asTeam(page, page.acts))

function asTeam(page: PageRequest, { team }: Membership): PageRequest {
  const id = UserId(team.id)
  return {
    ...page,
    isTeam: true,
    owner: principal(id),
    holder: { id, publicId: team.publicId },
    ctx: (reason) => ({ ...page.ctx(reason), onBehalfOf: team.publicId }),
  }
}

function refusal(page: PageRequest, { team }: Membership, seat: Seat | null): Response {
  const why = seat === null ? "own" : "role"
  return page.render((frame) => SeatPage({ frame, team: team.name, why }), { status: 403 })
}
