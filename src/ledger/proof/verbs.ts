// The verbs of the proof.
import type { WriteContext } from "../../store/index.ts"
import type { LedgerDeps, Sql } from "../books/types.ts"
import { checksOf, recordRunIn, runsOf } from "./runs.ts"
import { rebuildProjectionsIn } from "./store-rebuild.ts"
import type { Check, VerificationRun, VerifyReport } from "./types.ts"
import { verify } from "./verify.ts"

type Proved = Parameters<typeof recordRunIn>[1]

export const proofVerbs = ({ store }: LedgerDeps) => ({
  /** Proves the books; on the store's reader by default. */
  verify: (reader: Sql = store.read): VerifyReport => verify(reader),
  /** Remembers a proof; when it began (by the clock) and how long it took, ms. */
  recordVerification: (ctx: WriteContext, run: Proved): Promise<void> => store.write(ctx, (tx) => recordRunIn(tx, run)),
  /** Newest first, at most 30. */
  verifications: (limit: number): VerificationRun[] => runsOf(store.read, limit),
  checksOfVerification: (runId: number): Check[] => checksOf(store.read, runId),
  /** Recomputes every projection from charges, entries and claims. @returns rows that differed before */
  rebuildProjectionsIn,
})
