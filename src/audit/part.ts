// What the audit log contributes: its answer when a person is erased, and what of it a person gets.
import type { Part } from "../part/index.ts"
import { AUDIT_PERSONAL, eraseFacts } from "./store-personal.ts"
import { AUDIT_READS } from "./worker-reads.ts"

const STAYS = "what was done stays written"

export const auditPart: Part = {
  name: "audit",
  personal: AUDIT_PERSONAL,
  reads: AUDIT_READS,
  run: () => ({
    lifecycle: {
      suspended: { nothing: STAYS },
      reinstated: { nothing: STAYS },
      passwordChanged: { nothing: STAYS },
      erased: eraseFacts,
    },
  }),
}
