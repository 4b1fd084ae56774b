// The verbs of charges. What posts one is a settle (`holds/`).
import { clearCallsIn, clearNextIn, clearOldCallsIn } from "./clear.ts"

export const chargeVerbs = () => ({
  /** What a call was, forgotten; what it cost stays, and the books prove as before. Once more changes nothing. */
  clearCallsIn,
  /** The same by age and for everybody, slice by slice; sums by day stay. */
  clearOldCallsIn,
  /** All of one person, whose wallet nobody uses any more, place by place. */
  clearNextIn,
})
