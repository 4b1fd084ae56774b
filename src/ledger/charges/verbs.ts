// The verbs of charges. What posts one is a settle (`holds/`).
import { clearCallsIn } from "./clear.ts"

export const chargeVerbs = () => ({
  /** What a call was, forgotten; what it cost stays, and the books prove as before. Once more changes nothing. */
  clearCallsIn,
})
