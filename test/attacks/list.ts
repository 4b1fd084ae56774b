// The attack list, by kind. `bun run attacks` tries all of them.
import { AGENTS } from "./agents.ts"
import { ELSEWHERE } from "./elsewhere.ts"
import { PAGES } from "./pages.ts"
import { PEOPLE } from "./people.ts"
import { REDIRECTS } from "./redirects.ts"
import { SESSIONS } from "./sessions.ts"
import { TOKENS } from "./tokens.ts"
import type { Attacks } from "./world.ts"

export const KINDS: Readonly<Record<string, Attacks>> = {
  "Away from here": REDIRECTS,
  "Whose browser it is": SESSIONS,
  "Codes and tokens": TOKENS,
  "Apps that come by themselves": AGENTS,
  "At the door": PEOPLE,
  "Signed in elsewhere": ELSEWHERE,
  "What pages show": PAGES,
}

export const ATTACKS: Attacks = Object.assign({}, ...Object.values(KINDS))
