// What the admin's site contributes: sums over everybody, made in the read Worker.
import type { Part } from "../../part/index.ts"
import { overview, upstreamHealth } from "./store.ts"
import { trialBalance } from "./store-books.ts"

export const adminPart: Part<unknown> = {
  name: "sites/admin",
  reads: {
    "admin.trial-balance": trialBalance,
    "admin.overview": (reader, input) => overview(reader, input as Parameters<typeof overview>[1]),
    "admin.upstream-health": (reader, input) => upstreamHealth(reader, input as Parameters<typeof upstreamHealth>[1]),
  },
}
