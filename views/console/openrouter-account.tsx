// The account at OpenRouter that this service made for a person: what it used, of how much, and when that was read.
import { type Nano, nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { usdText } from "../ui/format.ts"
import { Form, type FormView, When } from "../ui/index.ts"

const OPENROUTER_REMOVAL = "/settings/openrouter/removal"

export interface OpenrouterWords {
  state: "making" | "ready" | "deleted"
  /** Null = none. */
  limitNano: Nano | null
  remainingNano: Nano | null
  usedNano: Nano
  syncedMs: number | null
}

export interface OpenrouterShown {
  isOffered: boolean
  account: OpenrouterWords | null
}

export const OPENROUTER_NOTE =
  "An account of this service at OpenRouter that is yours alone. Models of OpenRouter are asked with it, at the usual price."

const hasOne = (account: OpenrouterWords | null): account is OpenrouterWords =>
  account !== null && account.state !== "deleted"

export const hasOpenrouter = ({ isOffered, account }: OpenrouterShown): boolean => isOffered || hasOne(account)

export interface OpenrouterAccountProps {
  frame: Frame
  now: number
  account: OpenrouterWords | null
}

export function OpenrouterAccount({ frame, now, account }: OpenrouterAccountProps): JSX.Element {
  const has = hasOne(account)
  return (
    <>
      <p safe>{wordsOf(has ? account : null)}</p>
      {has && account.syncedMs !== null ? (
        <p class="quiet">
          {"Read "}
          <When ms={account.syncedMs} now={now} />
        </p>
      ) : null}
      {has && account.state === "making" ? null : (
        <Form action={has ? "/settings/openrouter/sync" : "/settings/openrouter/account"} csrf={frame.csrf}>
          <button class="button plain" type="submit">
            {has ? "Read anew" : "Get an account"}
          </button>
        </Form>
      )}
      {has ? (
        <p>
          <a href={OPENROUTER_REMOVAL}>Delete this account</a>
        </p>
      ) : null}
    </>
  )
}

export const OpenrouterRemovalPage = ({ frame, form }: { frame: Frame; form: FormView }): JSX.Element => (
  <ConfirmPage
    frame={frame}
    title="Delete your account at OpenRouter?"
    up={{ href: "/settings#openrouter", label: "Settings" }}
    words={[
      "Its key ends there. From the next call on, models of OpenRouter are asked by the account of this service, at the usual price. You can get another one later.",
    ]}
    form={form}
    cancelHref="/settings#openrouter"
  />
)

function wordsOf(account: OpenrouterWords | null): string {
  if (account === null) return "You have none."
  if (account.state === "making") return "It is being made."
  const used = `${usdText(account.usedNano)} used`
  if (account.limitNano === null) return `${used}, without a limit.`
  return `${used} of ${usdText(account.limitNano)}, ${usdText(account.remainingNano ?? nano(0))} left.`
}
