// What a standby says of itself: on every page, on the overview, to monitoring.
import { LIMITS } from "../../app/index.ts"
import type { Check } from "../../part/index.ts"
import type { Follower, Health, Restored } from "../../replica/index.ts"

/** UTC, to the second; the same words on every screen. */
export const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`

export const span = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

type Known = Pick<Follower, "lagMs" | "cause">

export const noticeOf = ({ lagMs, cause }: Known, { lastMs }: Pick<Restored, "lastMs">): string => {
  const late = cause === null ? "" : ` Newer data could not be read for ${span(lagMs)}.`
  return `This server stands by. It shows how things were up to ${momentOf(lastMs)} and takes no changes.${late}`
}

/** Up to when stands above every page already. */
export function healthOf({ first, lagMs, cause }: Pick<Follower, "first" | "lagMs" | "cause">): Health {
  const isSilent = first !== null && !first.isReleased && first.silentMs > LIMITS.replicaLagBadMs
  const isBad = cause !== null || isSilent
  const heard = !first
    ? ""
    : first.isReleased
      ? `; ${first.host} was stopped in order`
      : `; ${first.host} was heard of ${span(first.silentMs)} ago`
  return {
    state: isBad ? "bad" : "warn",
    text: `stands by${heard}${cause ? `: ${cause}` : ""}`,
    remedy: isBad
      ? "Look at the first server. If it is gone, take over here: purser promote."
      : "To take over here: stop the first server, then purser promote.",
    lagMs,
    cause,
  }
}

/** What does not run here has nothing to say: it would be what a server that nobody started thinks of itself. */
export const onlyOfData = (checks: Check[]): Check[] => checks.filter(({ label }) => !RUNNING.has(label))
const RUNNING: ReadonlySet<string> = new Set(["Service", "Jobs", "Mail"])
