// Whose credits an app spends: one's own, or those of a team that one may spend.
import type { Nano } from "../../src/app/units.ts"
import { creditsExact, creditsText, usdText } from "../ui/format.ts"
import { FieldError } from "../ui/index.ts"

export interface PayerOption {
  /** `own`, or `tea_…`. */
  value: string
  /** Of a team; null: their own. */
  team: string | null
  balance: Nano
  checked: boolean
}

/** Field `payer`. Who may spend no team's credits is not asked. */
export function PayerChoice({
  options,
  error,
}: {
  options: readonly PayerOption[]
  error?: string | undefined
}): JSX.Element {
  return (
    <fieldset class={error ? "payers invalid" : "payers"} id="payer" tabindex="-1">
      <legend>Whose credits?</legend>
      <FieldError id="payer" text={error} />
      {options.map(({ value, team, balance, checked }, at) => (
        <div class="choice">
          <input type="radio" name="payer" value={value} id={`payer-${at}`} checked={checked} />
          <label for={`payer-${at}`}>
            <span class="payer">
              {team === null ? "Mine" : <bdi safe>{team}</bdi>}
              <span class="quiet num" title={`${creditsExact(balance)}, ${usdText(balance)}`} safe>
                {creditsText(balance)}
              </span>
            </span>
          </label>
        </div>
      ))}
      <p class="help">The limits are yours alone. Admins of a team see what you spend, and it ends when you leave.</p>
    </fieldset>
  )
}
