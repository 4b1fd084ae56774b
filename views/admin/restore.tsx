// After a restore: what came back, what is missing, what is to be done about it, and the word that lets the house go on.
import { ConsoleLayout } from "../layout/console.tsx"
import { type Fact, Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, durationText, plural } from "../ui/format.ts"
import { Empty, FormOf, type FormView, Id, Notice, Time } from "../ui/index.ts"
import { tookText } from "./bytes.ts"

/** What the processor of payments knew better than the backup. */
export interface PaymentsView {
  asked: readonly { what: string; asked: number; changed: number; unknown: number; unanswered: number }[]
  /** Paid, for orders that this house does not know. Cents. */
  lost: readonly { id: string; orderId: string; customerId: string | null; cents: number }[]
  lostMore: number
}

export interface RestoreView {
  restoredMs: number
  /** The replica's address, or the path of a file. */
  source: string
  /** The folder of the replica; null = a file. */
  epoch: number | null
  /** "at 2026-11-27T09:00:00.000Z" where an earlier state was asked for. */
  asked: string | null
  /** Everything up to here came back. */
  lastCommitMs: number
  /** Last sign of life of the server before; null = unknown. */
  aliveMs: number | null
  /** It had stopped in order and sent everything. */
  isComplete: boolean
  lastTransaction: { id: string; ms: number } | null
  lastCall: { id: string; ms: number } | null
  /** null = nothing is sold here; `caughtUp` null = the processor has not answered yet. */
  payments: { caughtUp: PaymentsView | null } | null
  sessionsEnded: number
  grantsEnded: number
  /** null = nobody has looked yet. */
  looked: { ms: number; by: string } | null
}

export interface AdminRestoreProps {
  frame: Frame
  /** null = this house was never restored. */
  restore: RestoreView | null
  /** Messages that wait now. */
  messages: number
  form: FormView
}

/** GET and POST /admin/restore. */
export function AdminRestorePage({ frame, restore, messages, form }: AdminRestoreProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="After a restore"
      section="Admin"
      lead="What came back from the backup, what is missing, and what to do about it."
      up={{ href: "/admin/system", label: "System" }}
    >
      {restore === null ? (
        <Empty
          title="Nothing was restored"
          text="If this house ever comes back from its backup, this page says what was lost."
        />
      ) : (
        <Restored frame={frame} restore={restore} messages={messages} form={form} />
      )}
    </ConsoleLayout>
  )
}

function Restored({ frame, restore, messages, form }: AdminRestoreProps & { restore: RestoreView }): JSX.Element {
  const { looked } = restore
  return (
    <>
      {looked === null ? (
        <Notice
          tone="warn"
          text="Jobs and messages wait: nothing leaves the house until you have looked. Codes that people ask for are sent, and calls are answered."
        />
      ) : null}
      <section aria-labelledby="back-title">
        <h2 id="back-title">What came back</h2>
        <Facts wide facts={factsOf(restore, messages)} />
      </section>
      <Lost restore={restore} />
      {restore.payments ? <Payments caughtUp={restore.payments.caughtUp} /> : null}
      {looked === null ? (
        <section aria-labelledby="on-title">
          <h2 id="on-title">Let it go on</h2>
          <p class="quiet page-form">
            Jobs run and waiting messages leave then. Give up first, under Jobs, what must not be sent twice.
          </p>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        </section>
      ) : null}
    </>
  )
}

function factsOf(restore: RestoreView, messages: number): Fact[] {
  const { source, epoch, asked, lastTransaction, lastCall, looked } = restore
  return [
    { label: "Restored", value: <Time ms={restore.restoredMs} /> },
    { label: "From", text: epoch === null ? source : `${source}, folder e${epoch}` },
    ...(asked === null ? [] : [{ label: "Asked for", text: asked }]),
    { label: "Everything up to", value: <Time ms={restore.lastCommitMs} /> },
    { label: "Last transaction", value: <Booked booked={lastTransaction} /> },
    { label: "Last call", value: <Booked booked={lastCall} /> },
    { label: "Signed out", text: plural(restore.sessionsEnded, "browser") },
    { label: "Signed out of apps", text: plural(restore.grantsEnded, "sign-in") },
    looked === null
      ? {
          label: "Waiting messages",
          value: (
            <a href="/admin/jobs" safe>
              {plural(messages, "message")}
            </a>
          ),
        }
      : { label: "Looked at", value: <Looked {...looked} /> },
  ]
}

const Booked = ({ booked }: { booked: { id: string; ms: number } | null }): JSX.Element =>
  booked === null ? (
    <span class="quiet">None</span>
  ) : (
    <span class="person">
      <Time ms={booked.ms} />
      <Id text={booked.id} />
    </span>
  )

const Looked = ({ ms, by }: { ms: number; by: string }): JSX.Element => (
  <span class="person">
    <Time ms={ms} />
    <span class="quiet">
      <bdi safe>{by}</bdi>
    </span>
  </span>
)

function Lost({ restore }: { restore: RestoreView }): JSX.Element {
  return (
    <section aria-labelledby="lost-title">
      <h2 id="lost-title">What is missing</h2>
      <p class="page-form">
        <Missing restore={restore} />
      </p>
      {restore.isComplete ? null : <ToDo />}
    </section>
  )
}

function Payments({ caughtUp }: { caughtUp: PaymentsView | null }): JSX.Element {
  return (
    <section aria-labelledby="payments-title">
      <h2 id="payments-title">Payments</h2>
      {caughtUp === null ? (
        <p class="page-form">
          The payment service has not answered yet. It is asked every minute; jobs go on only after it was.
        </p>
      ) : (
        <>
          <Facts
            wide
            facts={caughtUp.asked.map((one) => ({
              label: `${one.what.slice(0, 1).toUpperCase()}${one.what.slice(1)}`,
              text: askedWords(one),
            }))}
          />
          <LostPayments {...caughtUp} />
        </>
      )}
    </section>
  )
}

function askedWords({ asked, changed, unknown, unanswered }: PaymentsView["asked"][number]): string {
  if (unanswered > 0) return "No answer yet: asked again every minute. Jobs go on only after that."
  const words = [asked === 0 ? "None were under way" : `${count(asked)} asked about`]
  if (asked > 0 || changed > 0)
    words.push(changed === 0 ? "nothing had changed" : `${count(changed)} had changed, and it is booked`)
  if (unknown > 0) words.push(`${count(unknown)} that the payment service does not know: the log names them`)
  return `${words.join("; ")}.`
}

function LostPayments({ lost, lostMore }: Pick<PaymentsView, "lost" | "lostMore">): JSX.Element {
  if (lost.length === 0) return <p class="page-form">No payment came in for an order that is missing here.</p>
  return (
    <>
      <Notice
        tone="warn"
        text="These were paid, and their orders are not in the backup. Look each up at the payment service, and give the credits on the person’s wallet."
      />
      <ul class="page-form">
        {lost.map(({ id, orderId, customerId, cents }) => (
          <li>
            <span safe>{`$${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}, order `}</span>
            <Id text={orderId} />
            {", payment "}
            <Id text={id} />
            {customerId === null ? null : (
              <>
                {", customer "}
                <Id text={customerId} />
              </>
            )}
          </li>
        ))}
      </ul>
      {lostMore > 0 ? <p class="quiet" safe>{`And ${lostMore} more.`}</p> : null}
    </>
  )
}

function Missing({ restore }: { restore: RestoreView }): JSX.Element {
  const { isComplete, lastCommitMs, aliveMs } = restore
  if (isComplete) return "Nothing: the server before this one had stopped in order and had sent everything."
  const from = <Time ms={lastCommitMs} />
  if (aliveMs === null || aliveMs <= lastCommitMs)
    return (
      <>
        {"Whatever was done after "}
        {from}
        {". When the server before this one ended is not known."}
      </>
    )
  return (
    <>
      {"Whatever was done after "}
      {from}
      {". The server before this one gave its last sign of life at "}
      <Time ms={aliveMs} />
      <span safe>{`, ${later(aliveMs - lastCommitMs)} later; it may have gone on for a little.`}</span>
    </>
  )
}

/** Under a minute to the second. */
const later = (ms: number): string => (ms < 60_000 ? tookText(ms) : durationText(ms))

const ToDo = (): JSX.Element => (
  <ol class="page-form">
    <li>
      Money that came in: compare your payment provider and your notes with the books, and enter what is missing on
      people’s wallets.
    </li>
    <li>Calls: your AI providers bill what they answered in that time; it was not charged here.</li>
    <li>Keys and client secrets that were revoked in that time work again: revoke them once more.</li>
    <li>Keys and apps that were made in that time are gone: their people have to make them again.</li>
    <li>Suspensions, roles, prices, plans, limits and settings are as before: do again what you changed.</li>
    <li>Passwords and addresses that people changed in that time are the earlier ones.</li>
  </ol>
)
