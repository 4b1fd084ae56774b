// The attack list, by kind. `bun run attacks` tries all of them.

import { ACCOUNTS } from "./accounts.ts"
import { AGENTS } from "./agents.ts"
import { ELSEWHERE } from "./elsewhere.ts"
import { FEDCM } from "./fedcm.ts"
import { FLOODS } from "./floods.ts"
import { KEYS } from "./keys.ts"
import { OWN_DATA } from "./own-data.ts"
import { PAGES } from "./pages.ts"
import { PASSKEYS } from "./passkeys.ts"
import { PEOPLE } from "./people.ts"
import { PROOFS } from "./proofs.ts"
import { REDIRECTS } from "./redirects.ts"
import { REQUESTS } from "./requests.ts"
import { SESSIONS } from "./sessions.ts"
import { TOKENS } from "./tokens.ts"
import type { Attacks } from "./world.ts"

export const KINDS: Readonly<Record<string, Attacks>> = {
  "Away from here": REDIRECTS,
  "Whose browser it is": SESSIONS,
  "Several people in one browser": ACCOUNTS,
  "Codes and tokens": TOKENS,
  "By another way": REQUESTS,
  "What a token is for, and whose": KEYS,
  "Apps that come by themselves": AGENTS,
  "At the door": PEOPLE,
  "What stands for a proof": PROOFS,
  "Floods of sign-ups": FLOODS,
  "Signed in elsewhere": ELSEWHERE,
  "By the browser itself": FEDCM,
  "Passkeys and proofs": PASSKEYS,
  "A person's own data": OWN_DATA,
  "What pages show": PAGES,
}

export const ATTACKS: Attacks = Object.assign({}, ...Object.values(KINDS))
