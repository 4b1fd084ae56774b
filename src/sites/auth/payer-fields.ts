// Whose credits an app spends, as consent and the apps page ask it: one's own, or those of a team that one may spend.
import type { PayerOption } from "../../../views/auth/payer.tsx"
import type { Nano, UserId } from "../../app/index.ts"
import { field } from "../../http/index.ts"
import type { Mode } from "../../oauth/index.ts"
import type { Teams } from "../../teams/index.ts"

export interface PayerDeps {
  teams: Pick<Teams, "spendableOf">
  /** Of a person or a team. */
  spendable: (id: UserId, mode: Mode) => Nano
}

const OWN = "own"

/** The domain knows which there are. */
export const PAYER_FIELD = field.choice<string>({
  name: "payer",
  label: "Whose credits",
  control: "radios",
  byDomain: true,
})

/** Null: their own. Undefined: it was not asked. */
export const payerSent = (payer: string | undefined): string | null | undefined =>
  payer === undefined || payer === "" ? undefined : payer === OWN ? null : payer

/** The team whose credits it spends so far, as the field has it. */
export const payerValue = ({ teams }: PayerDeps, userId: UserId, payerId: UserId | null): string =>
  teams.spendableOf(userId).find(({ id }) => id === payerId)?.publicId ?? OWN

/** @param chosen value of the field. @returns none where there is nothing to choose */
export function payerOptions(deps: PayerDeps, userId: UserId, chosen: string): PayerOption[] {
  const teams = deps.teams.spendableOf(userId)
  if (teams.length === 0) return []
  const all = [
    { id: userId, value: OWN, team: null },
    ...teams.map(({ id, publicId, name }) => ({ id, value: publicId, team: name })),
  ]
  return all.map(({ id, ...option }) => ({
    ...option,
    balance: deps.spendable(id, "live"),
    checked: option.value === chosen,
  }))
}
