// What an app may pay for, each with the most a day, and out of whose credits.
import { CREDITS_WORTH, type Nano } from "../../src/app/units.ts"
import type { FormErrors } from "../layout/frame.ts"
import { creditsExact, creditsText, usdText } from "../ui/format.ts"
import { Badge } from "../ui/index.ts"
import type { ConsentProps, ConsentScope } from "./consent.tsx"
import { shareWords, sponsoredWords } from "./consent-words.ts"
import { LimitField } from "./limit.tsx"
import { PayerChoice } from "./payer.tsx"
import { ToolChoice } from "./tool-choice.tsx"

/** It is said beside its field, which takes the focus: a summary would say it twice in a small window. */
export const isOneLimit = (errors: FormErrors | undefined): boolean => {
  const names = Object.keys(errors ?? {})
  return names.length === 1 && names[0]!.startsWith("limit_")
}

/** What it may pay for, each with the most a day. */
export function Spending({
  scopes,
  balance,
  sponsored,
  free,
  share,
  payers = [],
  errors,
}: Pick<ConsentProps, "scopes" | "balance" | "sponsored" | "free" | "payers" | "errors"> & {
  share: number | undefined
}): JSX.Element {
  if (scopes.length === 0) return ""
  return (
    <fieldset class="scopes">
      <legend>{payers.length > 0 ? "It may spend credits to" : "It may spend your credits to"}</legend>
      {scopes.map((scope) => (
        <div class="spend">
          <ScopeChoice scope={scope} />
          {scope.tools ? <ToolChoice ask={scope.tools} error={errors?.tool} /> : null}
          {scope.limit ? (
            <LimitField
              scope={scope.scope}
              purpose={scope.sentence}
              limit={scope.limit}
              error={errors?.[`limit_${scope.scope}`]}
              autofocus={isOneLimit(errors) && errors?.[`limit_${scope.scope}`] !== undefined}
            />
          ) : null}
          {scope.suggested === undefined ? null : (
            <p class="help" safe>{`The app proposes ${creditsText(scope.suggested)} a day. You decide.`}</p>
          )}
        </div>
      ))}
      {payers.length > 0 ? <PayerChoice options={payers} error={errors?.payer} /> : null}
      {sponsored === undefined ? null : (
        <p class="strong" title={`${creditsExact(sponsored.leftNano)}, ${usdText(sponsored.leftNano)}`} safe>
          {sponsoredWords(sponsored)}
        </p>
      )}
      <p class="help">
        {balance === undefined ? (
          "It spends test credits, which cost nothing. "
        ) : (
          <Balance balance={balance} free={free} isBeside={payers.length > 0} />
        )}
        {share === undefined ? null : <span safe>{shareWords(share)}</span>}
        You can change limits any time under Apps.
      </p>
    </fieldset>
  )
}

/** @param isBeside it stands with the choice of whose credits already */
function Balance({ balance, free, isBeside }: { balance: Nano; free: Nano | undefined; isBeside: boolean }) {
  if (isBeside)
    return <span safe>{`${free ? `Of yours, ${creditsText(free)} more are free today. ` : ""}${CREDITS_WORTH}. `}</span>
  return (
    <>
      {"You have "}
      <span class="num" title={`${creditsExact(balance)}, ${usdText(balance)}`} safe>
        {creditsText(balance)}
      </span>
      <span safe>{`${free ? `, and ${creditsText(free)} free today` : ""}; ${CREDITS_WORTH}. `}</span>
    </>
  )
}

export function ScopeChoice({ scope }: { scope: ConsentScope }): JSX.Element {
  const id = `scope-${scope.scope.replace(":", "-")}`
  return (
    <div class="choice">
      <input type="checkbox" name="scope" value={scope.scope} id={id} checked={scope.checked} />
      <label for={id} safe>
        {scope.sentence}
      </label>
      {scope.isNew ? <Badge tone="accent" text="New" /> : null}
    </div>
  )
}
