// /apps/:consent/payer: whose credits an app spends from its next call on.
import { AppPayerPage } from "../../../views/console/app-payer.tsx"
import { ensure } from "../../app/index.ts"
import { form } from "../../http/index.ts"
import { principal } from "../../ledger/index.ts"
import { type ConsentWithClient, isAiScope } from "../../oauth/index.ts"
import { PAYER_FIELD, payerOptions, payerSent, payerValue } from "../auth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "oauth" | "store" | "teams" | "ledger">

const FORM = form({ payer: PAYER_FIELD }, { submit: "Save" })

export const payersOf = ({ teams, ledger }: Pick<Deps, "teams" | "ledger">) => ({
  teams,
  spendable: (id: ConsentWithClient["userId"], mode: "live" | "test") =>
    ledger.wallet(principal(id), mode).spendableNano,
})

/** The team whose credits it spends; undefined: their own. */
export const teamOf = ({ teams }: Pick<Deps, "teams">, { userId, payerId }: ConsentWithClient): string | undefined =>
  payerId === null ? undefined : teams.spendableOf(userId).find(({ id }) => id === payerId)?.name

/** Whether there is anything to choose. */
export const hasPayers = ({ teams }: Pick<Deps, "teams">, { userId, scopes, client }: ConsentWithClient): boolean =>
  client.mode === "live" && scopes.some(isAiScope) && teams.spendableOf(userId).length > 0

export function appPayerRoutes(
  site: ConsoleSite,
  deps: Deps,
  mine: (page: PageRequest, consent: string) => ConsentWithClient,
): void {
  const { oauth, store } = deps
  const payers = payersOf(deps)
  site.form("/apps/:consent/payer", {
    load(page, params) {
      const consent = mine(page, params.consent)
      ensure(hasPayers(deps, consent), "not_found", "There are no other credits that this app could spend.")
      return consent
    },
    form: FORM,
    present: ({ userId, payerId }) => ({ payer: payerValue(payers, userId, payerId) }),
    // Whoever finds a browser open makes nobody else pay.
    fresh: ({ payer }, { userId, payerId }) => payer !== payerValue(payers, userId, payerId),
    async act(page, { payer }, { publicId, userId, client }) {
      const input = { userId, consentPublicId: publicId, payer: payerSent(payer) ?? null }
      await store.write(page.ctx("chose whose credits an app spends"), (tx) => oauth.updatePayerIn(tx, input))
      const team = teamOf(deps, mine(page, publicId))
      return {
        to: "/apps",
        say: `${client.name} spends ${team === undefined ? "your own credits" : `credits of ${team}`} now.`,
      }
    },
    show(page, view, { userId, payerId, client }, status) {
      const typed = view.fields.find(({ name }) => name === "payer")?.typed[0]
      const options = payerOptions(payers, userId, typed ?? payerValue(payers, userId, payerId))
      return page.render((frame) => AppPayerPage({ frame, app: { name: client.name }, options, form: view }), status)
    },
  })
}
