// What those who subscribed were promised of endpoints: a call that they make costs no more beside the plan, and uses no more units, than it did.
// A plan's terms are versions, which they keep; an endpoint has none, so while somebody is subscribed it only becomes cheaper and stays where it
// is called, and what is dearer is added where no call of theirs has gone.
import { refuseFields } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { shapeOf } from "./endpoint-rules.ts"
import { everyRoute, hasSubscribers, type Route } from "./store-endpoints.ts"

const PROMISED =
  "Of those who subscribed nobody agreed to more. Add an endpoint with another path, and say so in the changelog."

/** @param before null: it is new @throws AppError validation_failed by field, for what is dearer for a call of a subscriber */
export function keepPromisesIn(tx: Tx, productId: number, before: Route | null, after: Route): void {
  if (!hasSubscribers(tx, productId)) return
  if (before && (before.method !== after.method || shapeOf(before.path) !== shapeOf(after.path)))
    refuseFields({ path: "People who subscribed call it here. Add another endpoint, and remove this one later." })
  const present = before ? [before] : everyRoute(tx, productId).filter((one) => meets(one, after))
  refuseFields({
    priceNano: present.some(({ priceNano }) => after.priceNano > priceNano) ? PROMISED : undefined,
    weight: present.some(({ weight }) => after.weight > weight) ? PROMISED : undefined,
  })
}

/** Whether a call may be of both. Pure. */
export function meets(one: Pick<Route, "method" | "path">, other: Pick<Route, "method" | "path">): boolean {
  const [mine, theirs] = [segmentsOf(one.path), segmentsOf(other.path)]
  const isOpen = (segment: string) => segment.includes("{}")
  return (
    asRead(one.method) === asRead(other.method) &&
    mine.length === theirs.length &&
    mine.every((segment, at) => isOpen(segment) || isOpen(theirs[at]!) || segment === theirs[at])
  )
}

/** Who asks for a head is answered by what reads. */
const asRead = (method: string): string => (method === "HEAD" ? "GET" : method)

/** As they are matched: decoded, whatever stands for a parameter. */
const segmentsOf = (path: string): string[] => shapeOf(path).split("/").map(decoded)

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
