// The keys that sign tokens: which sign, which wait, and the question before all of them are withdrawn.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import { Badge, Button, Form, type FormView, Table, When } from "../ui/index.ts"

export interface SigningKeyLine {
  kid: string
  alg: string
  state: "active" | "next" | "retired" | "over"
  sinceMs: number
  isCompromised: boolean
}

export interface SigningKeysView {
  now: number
  /** 0 = only by hand. */
  everyDays: number
  keys: readonly SigningKeyLine[]
}

const ORDER = ["active", "next", "retired", "over"] as const
const STATES = {
  active: { tone: "ok", text: "Signs" },
  next: { tone: "accent", text: "Next" },
  retired: { text: "Verifies only" },
  over: { text: "Over" },
} as const
/** Enough to tell keys apart; the whole id stands in the list that apps read. */
const KID_CHARS = 12

/** POST /admin/system/signing-keys: csrf. */
export function SigningKeys({ csrf, keys: { now, everyDays, keys } }: { csrf: string; keys: SigningKeysView }) {
  const sorted = keys.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
  return (
    <section aria-labelledby="keys-title">
      <h2 id="keys-title">Signing keys</h2>
      <p class="page-form quiet">
        <span safe>{turnText(everyDays)}</span> <a href="/admin/settings">Change that in the settings</a>.
      </p>
      <Table
        caption="Signing keys"
        hideCaption
        columns={[{ label: "Key" }, { label: "Algorithm" }, { label: "State" }, { label: "Since" }]}
        rows={sorted.map(({ kid, alg, state, sinceMs, isCompromised }) => [
          <code title={kid} safe>
            {`${kid.slice(0, KID_CHARS)}…`}
          </code>,
          <span safe>{alg}</span>,
          isCompromised ? <Badge tone="bad" text="Withdrawn" /> : <Badge {...STATES[state]} />,
          <When ms={sinceMs} now={now} />,
        ])}
      />
      <Form action="/admin/system/signing-keys" csrf={csrf} class="inline">
        <Button label="Rotate now" />
      </Form>
      <p class="page-form">
        <a href="/admin/system/signing-keys/withdrawal">Somebody else may have a key: withdraw all of them</a>
      </p>
    </section>
  )
}

const turnText = (days: number): string =>
  days === 0
    ? "Tokens are signed with these. They are replaced by hand alone."
    : `Tokens are signed with these. The next ones take over every ${days === 1 ? "day" : `${count(days)} days`}.`

/** GET and POST /admin/system/signing-keys/withdrawal: csrf, reason. */
export function AdminKeysWithdrawPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Withdraw all signing keys?"
      section="Admin"
      up={{ href: "/admin/system", label: "System" }}
      form={form}
      cancelHref="/admin/system"
    >
      <ul>
        <li>
          Every token that was signed so far is dead at once, everywhere: whoever stole a key can use nothing made with
          it.
        </li>
        <li>
          People stay signed in here. Apps get new tokens with their refresh tokens; those without one ask people to
          sign in again.
        </li>
        <li>Apps that keep a list of keys for a while refuse sign-ins until they read it again: mostly minutes.</li>
        <li>For a change without any of this, use “Rotate now” on the page before.</li>
      </ul>
    </ConfirmPage>
  )
}
