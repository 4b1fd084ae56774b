// Servers on which sign-ups in a flood cost less than they should.
import { type Mutant, one } from "./weaken.ts"

const TICKET = "src/identity/work/ticket.ts"
const ADMIT = "src/identity/work/admit.ts"

export const WEAK_FLOODS: readonly Mutant[] = [
  one("many sign-ups with one calculation", ADMIT, "|| !takeWork(tx, work.workHash, work.expiresMs)", ""),
  {
    lets: "one calculation under other spellings of its ticket",
    edits: [{ file: TICKET, from: "workHash: sha256Hex(sealed.salt)", to: "workHash: sha256Hex(ticket)" }],
  },
  one("a forged calculation", TICKET, "  if (answer !== String(sealed.number)) return null\n", ""),
  one("a calculation of another browser", TICKET, "`signup:$" + "{browserHashOf(core, visitor)}`", '"signup"'),
  one("a calculation made ahead", TICKET, "nowMs >= sealed.expiresMs || ", ""),
  one("sign-ups without any calculation", ADMIT, "  if (admitted) return\n", "  if (admitted || !admitted) return\n"),
]
