// What tests of batches stand on.
import { onTestFinished } from "bun:test"
import { LIMITS } from "../app/index.ts"

/** For the rest of this test: what is queued together is committed together, however busy the machine is. */
export function patientBatches(): void {
  const limits = LIMITS as { commitMutationsMsMax: number }
  const { commitMutationsMsMax } = limits
  limits.commitMutationsMsMax = 60_000
  onTestFinished(() => {
    limits.commitMutationsMsMax = commitMutationsMsMax
  })
}
