// `purser admin grant|revoke|list|login-link|two-step-off|passkeys-off`: who is an admin, from the console of the server. Through the running server, or by the lock.
import { readConfig } from "../app/index.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

const config = (flags: Record<string, string>) => readConfig(flags, process.env)
const THERE = "nobody has that address, or there is no database; nothing was changed"

const change = (words: string, isAdmin: boolean, rest: Pick<Verb, "help" | "about" | "examples" | "exits">): Verb => ({
  ...rest,
  words,
  operands: "EMAIL",
  async run({ flags, words: [email = ""] }) {
    const { result } = await askPurser(config(flags), "set-admin", { email, isAdmin })
    const { changed } = result as { changed: boolean }
    const state = isAdmin ? "an admin" : "no admin"
    console.log(changed ? `${email} is ${state} now.` : `${email} is ${state} already.`)
    return 0
  },
})

export const adminGrant = change("admin grant", true, {
  help: "make a person an admin",
  about: [
    "Gives the person with this address the role admin, at once. They need an account with a verified address. It is in the audit log.",
  ],
  examples: [{ run: "admin grant ada@example.com", does: "for somebody who has signed up" }],
  exits: { 1: THERE },
})

export const adminRevoke = change("admin revoke", false, {
  help: "take the role admin from a person",
  about: [
    "Takes the role from the person, at once: their next click finds no admin pages. The last admin cannot be removed.",
  ],
  examples: [{ run: "admin revoke ada@example.com", does: "for somebody who leaves" }],
  exits: { 1: `${THERE}; or this is the only admin` },
})

interface Listed {
  email: string
  name: string | null
  status: string
}

export const adminList: Verb = {
  words: "admin list",
  help: "list the admins",
  about: ["Lists who is an admin, suspended ones too."],
  options: [JSON_OPTION],
  examples: [
    { run: "admin list", does: "one line a person" },
    { run: "admin list --json | jq -r .[].email", does: "for a script" },
  ],
  exits: { 1: "there is no database" },
  async run({ flags, switches }) {
    const { result } = await askPurser(config(flags), "admins")
    const admins = result as Listed[]
    if (switches.has("json")) console.log(JSON.stringify(admins, null, 2))
    else if (admins.length === 0) console.log("Nobody is an admin. Run: purser setup-link")
    else for (const { email, name, status } of admins) console.log([email, name, status].filter(Boolean).join("  "))
    return 0
  },
}

export const adminLoginLink: Verb = {
  words: "admin login-link",
  help: "print a one-time link that signs in an admin who cannot",
  about: [
    "For an admin who lost their password, or whose mail does not arrive. Prints a link that works once, for 30 minutes: it signs in that person, and lets them set a new password without the old one. A new link ends the earlier ones of that person.",
    "It works with the server running or stopped; the link opens when the server runs. It gives no role: use `purser admin grant` for that.",
  ],
  operands: "EMAIL",
  examples: [
    { run: "admin login-link ada@example.com", does: "send what it prints to Ada by a way that only she reads" },
  ],
  exits: { 1: "nobody has that address, or they are no admin, or suspended" },
  async run({ flags, words: [email = ""] }) {
    const { result, isRunning } = await askPurser(config(flags), "login-link", { email })
    console.log((result as { url: string }).url)
    if (!isRunning) console.log("Start the server to open it; it works once, for 30 minutes.")
    return 0
  },
}

export const adminTwoStepOff: Verb = {
  words: "admin two-step-off",
  help: "turn off two-step sign-in for a person who lost their app",
  about: [
    "For somebody, admin or not, who has neither their authenticator app nor a recovery code. Their password alone signs them in then; they get a mail about it, and it is in the audit log.",
  ],
  operands: "EMAIL",
  examples: [{ run: "admin two-step-off ada@example.com", does: "once you are sure that it is Ada who asks" }],
  exits: { 1: "nobody has that address, or two-step sign-in is off for them" },
  async run({ flags, words: [email = ""] }) {
    await askPurser(config(flags), "two-step-off", { email })
    console.log(`Two-step sign-in is off for ${email}.`)
    return 0
  },
}

export const adminPasskeysOff: Verb = {
  words: "admin passkeys-off",
  help: "remove the passkeys of a person who cannot use them any more",
  about: [
    "For somebody, admin or not, who has neither a device with a passkey nor a recovery code. Their password signs them in then, with a code where two-step sign-in is on; they get a mail about it, and it is in the audit log.",
  ],
  operands: "EMAIL",
  examples: [{ run: "admin passkeys-off ada@example.com", does: "once you are sure that it is Ada who asks" }],
  exits: { 1: "nobody has that address, or they have no passkey" },
  async run({ flags, words: [email = ""] }) {
    await askPurser(config(flags), "passkeys-off", { email })
    console.log(`${email} has no passkey any more.`)
    return 0
  },
}
