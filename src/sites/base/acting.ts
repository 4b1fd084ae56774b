// Acting as a team: which right each route needs then. One table and one gate: what is not in it is refused, so that a page that knows
// nothing of teams shows and spends nobody's by mistake. `person`: its reader's own, whatever they act as.
import { SeatPage } from "../../../views/console/seat.tsx"
import type { FrameUser } from "../../../views/layout/index.ts"
import { UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { type Membership, may, type Right, type Role } from "../../teams/index.ts"
import type { PageRequest } from "./request.ts"

export type Seat = "person" | Right
export type Method = "GET" | "POST"

const K = "/keys/:key"
const ORDER = "/credits/orders/:order"
const INVOICE = "/credits/invoices/:invoice"

/** Method and pattern → what a role needs. */
export const SEATS: ReadonlyMap<string, Seat> = new Map(
  Object.entries<Record<string, readonly string[]>>({
    see: {
      GET: ["/dashboard", "/credits", "/credits.csv"],
    },
    money: {
      GET: [ORDER, "/credits/invoices", INVOICE, `${INVOICE}/pdf`, `${INVOICE}/notes/:note`],
      POST: ["/credits/packages/:package", `${ORDER}/payment`, `${ORDER}/end`],
    },
    spend: {
      GET: ["/keys", "/keys/new", K, `${K}/limits`, `${K}/secret`, `${K}/revocation`],
      POST: ["/keys", K, `${K}/limits`, `${K}/secret`, `${K}/revocation`, `${K}/activation`, `${K}/deactivation`],
    },
  }).flatMap(([seat, methods]) =>
    Object.entries(methods).flatMap(([method, paths]) =>
      paths.map((path): [string, Seat] => [`${method} ${path}`, seat as Seat]),
    ),
  ),
)

/** A person's own: who they are, how they sign in, what they allowed apps, their notices and copies, and the teams themselves. */
const OWN =
  /^\/(?:agreement|unfinished|acting|teams|notices|announcements|support|apps|settings(?!\/(?:models|plan|webhooks)(?:\/|$))|marketplace(?=\/:api\/reviews\/))(?:\/|$)/

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
