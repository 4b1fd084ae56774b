// One line of the wallet's history as a sentence that can be opened.
import type { Nano } from "../../src/app/units.ts"
import { count, creditsExact } from "../ui/format.ts"
import { Credits, When } from "../ui/index.ts"

export interface Movement {
  id: string
  atMs: number
  /** A transaction type of the ledger: `usage`, `daily_bonus`, … */
  type: string
  /** Signed n$: what the wallet gained or lost. */
  amount: Nano
  balanceAfter?: Nano | undefined
  /** Usage only. */
  app?: string | null | undefined
  model?: string | null | undefined
  inputTokens?: number | null | undefined
  outputTokens?: number | null | undefined
  /** What the charge is made of, for instance "Model price" and "Developer's share". */
  parts?: readonly { label: string; amount: Nano }[] | undefined
  /** A reason somebody wrote, shown after the words of the type. */
  note?: string | null | undefined
}

const WORDS: Record<string, string> = {
  topup: "Credits bought",
  subscription: "Plan credits",
  daily_bonus: "Daily credits",
  coupon: "Coupon",
  bonus: "Bonus",
  referral: "Referral",
  sponsor: "Sponsored credits",
  refund: "Refund",
  adjustment: "Adjustment",
  expiry: "Expired credits",
  reversal: "Reversal",
  debt: "Debt",
}

/** "Storyteller · gpt-5-mini · 812 in, 204 out", or the words of the type with its reason. */
export function movementWords(movement: Movement): string {
  if (movement.type !== "usage")
    return [WORDS[movement.type] ?? movement.type, movement.note].filter(Boolean).join(" · ")
  const { inputTokens, outputTokens } = movement
  const tokens =
    inputTokens == null && outputTokens == null
      ? null
      : `${count(inputTokens ?? 0)} in, ${count(outputTokens ?? 0)} out`
  return [movement.app ?? "Your own key", movement.model, tokens].filter(Boolean).join(" · ")
}

export function MovementList({ movements, now }: { movements: readonly Movement[]; now: number }): JSX.Element {
  return (
    <ul class="movements plain">
      {movements.map((movement) => (
        <li>
          <details>
            <summary>
              <bdi class="words" safe>
                {movementWords(movement)}
              </bdi>
              <When ms={movement.atMs} now={now} />
              <span class={movement.amount > 0 ? "amount gain" : "amount"}>
                <Credits amount={movement.amount} signed />
              </span>
            </summary>
            <dl class="facts">
              {(movement.parts ?? []).map((part) => (
                <div>
                  <dt safe>{part.label}</dt>
                  <dd class="num" safe>
                    {creditsExact(part.amount)}
                  </dd>
                </div>
              ))}
              <div>
                <dt>In all</dt>
                <dd class="num" safe>
                  {creditsExact(movement.amount)}
                </dd>
              </div>
              {movement.balanceAfter === undefined ? null : (
                <div>
                  <dt>Balance after</dt>
                  <dd class="num" safe>
                    {creditsExact(movement.balanceAfter)}
                  </dd>
                </div>
              )}
              <div>
                <dt>Reference</dt>
                <dd>
                  <code safe>{movement.id}</code>
                </dd>
              </div>
            </dl>
          </details>
        </li>
      ))}
    </ul>
  )
}
