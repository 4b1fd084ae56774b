// The keys that sign tokens, on /admin/system: which sign and which wait, the next ones put into use by hand, and all of them withdrawn at
// once when somebody else may have them.
import { AdminKeysWithdrawPage, type SigningKeyLine, type SigningKeysView } from "../../../views/admin/signing-keys.tsx"
import { button, field, form } from "../../http/index.ts"
import { ROTATE_DAYS } from "../../oauth/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "oauth" | "settings" | "clock">

const SYSTEM = "/admin/system"
/** Keys that are over stay rows; the newest of them are shown. */
const OVER_MAX = 4

const WITHDRAW = form({ reason: field.reason() }, { submit: "Withdraw all signing keys", danger: true })

export function signingKeysView({ oauth, settings, clock }: Deps): SigningKeysView {
  const keys = oauth.signingKeys()
  const over = keys.filter(({ state }) => state === "over")
  const shown = keys.filter(({ state }) => state !== "over")
  const lines: SigningKeyLine[] = [...shown, ...over.slice(-OVER_MAX)]
  return { now: clock.now(), everyDays: settings.get(ROTATE_DAYS), keys: lines }
}

export function signingKeyRoutes(site: AdminSite, { oauth }: Deps): void {
  site.post(`${SYSTEM}/signing-keys`, {
    summary: "Put the next signing keys into use",
    form: button("Rotate now"),
    async act(page) {
      const { actor, requestId } = page.ctx("asked on the system page")
      await oauth.rotateKeys({ actor, requestId })
      return { to: SYSTEM, say: "The next signing keys sign now. What was signed before stays valid." }
    },
    back: () => SYSTEM,
  })
  site.form(`${SYSTEM}/signing-keys/withdrawal`, {
    summary: "Withdraw every signing key at once",
    form: WITHDRAW,
    async act(page, { reason }) {
      const { held } = await oauth.withdrawKeys(page.ctx(reason))
      const say =
        "New signing keys are in use, and whatever the old ones had signed is dead. Apps get new tokens by themselves."
      if (held) return { to: SYSTEM, say }
      return { to: SYSTEM, say: `${say} The replica does not have the new keys yet: look at it now.`, tone: "error" }
    },
    show: (page, view, _, status) => page.render((frame) => AdminKeysWithdrawPage({ frame, form: view }), status),
  })
}
