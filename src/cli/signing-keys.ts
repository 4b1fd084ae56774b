// `purser signing-keys list|rotate|withdraw`: the keys that sign tokens, which anybody reads at /.well-known/jwks.json.
import { readConfig } from "../app/index.ts"
import type { SigningKeyView } from "../oauth/index.ts"
import { moment } from "./migrate.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

const STATES = { active: "signs", next: "signs next", retired: "verifies only", over: "over" } as const

export const signingKeysList: Verb = {
  words: "signing-keys list",
  help: "say which keys sign tokens, which are next, and which only verify",
  about: ["Names the keys by the id that tokens carry. Nothing secret is shown."],
  options: [JSON_OPTION],
  examples: [{ run: "signing-keys list", does: "before and after a rotation" }],
  async run({ flags, switches }) {
    const keys = (await askPurser(readConfig(flags, process.env), "signing-keys")).result as SigningKeyView[]
    if (switches.has("json")) console.log(JSON.stringify(keys, null, 2))
    else for (const key of keys) console.log(lineOf(key))
    return 0
  },
}

const lineOf = ({ kid, alg, state, sinceMs, isCompromised }: SigningKeyView): string =>
  `${kid}  ${alg}  ${isCompromised ? "withdrawn" : STATES[state]} since ${moment(sinceMs)}`

export const signingKeysRotate: Verb = {
  words: "signing-keys rotate",
  help: "let the next signing keys sign; the ones before still verify",
  about: [
    "Does at once what the server does by itself every 90 days (the setting says how often). The next keys have been published for a while, so nobody notices. The keys before lose their private part at once and verify what they signed for a day more.",
  ],
  examples: [{ run: "signing-keys rotate", does: "when somebody who could read the data leaves" }],
  exits: { 1: "the next keys are younger than 15 minutes, or the replica does not have them yet" },
  async run({ flags }) {
    const { result } = await askPurser(readConfig(flags, process.env), "signing-keys-rotate")
    console.log(`${(result as { kid: string }).kid} signs from now on; what was signed before stays valid.`)
    return 0
  },
}

export const signingKeysWithdraw: Verb = {
  words: "signing-keys withdraw",
  help: "emergency: take every signing key out of use at once",
  about: [
    "For the case that somebody else may have a key. New keys sign at once; every token that any key had signed before is dead, here and wherever keys are read anew. People stay signed in, and apps get new tokens with their refresh tokens.",
    "A backup from before brings the old keys back: do it again after restoring one.",
  ],
  operands: "REASON",
  examples: [{ run: "signing-keys withdraw stolen-disk", does: "when the data and its key are in wrong hands" }],
  async run({ flags, words: [reason = ""] }) {
    const input = { reason }
    const { result } = await askPurser(readConfig(flags, process.env), "signing-keys-withdraw", input)
    const { kid, held } = result as { kid: string; held: boolean }
    console.log(`${kid} signs from now on; every token from before is dead.`)
    if (!held) console.error("purser: the replica does not have the new keys yet; see /admin/system")
    return 0
  },
}
