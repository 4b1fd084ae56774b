// What the read Worker does for teams. The Worker loads this file, so it knows no running domain.
import type { HeavyReads } from "../store/index.ts"
import type { TeamsAsked } from "./seen.ts"
import { teamsListed } from "./store.ts"

/** A part of a name is looked for in the name of every team there is. */
export const TEAM_READS: HeavyReads = {
  "teams.listed": (reader, input) => teamsListed(reader, input as TeamsAsked).map(({ publicId }) => publicId),
}
