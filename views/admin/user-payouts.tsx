// What a person earned and was paid, and holding it while somebody looks.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { DetailPage, type Fact } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { PAYOUT_COLUMNS, type PayoutRow, payoutCells } from "../portal/payouts/row.tsx"
import { Button, Empty, type FormView, Notice, Table, Usd, When } from "../ui/index.ts"
import { usdPlaces } from "../ui/together.ts"
import { holderUp } from "./user-tabs.tsx"

interface Whom {
  /** `usr_…`, or `tea_…` of a team. */
  id: string
  label: string
}

export interface AdminUserPayoutsProps {
  frame: Frame
  now: number
  user: Whom
  earnings: { available: Nano; pending: Nano; requested: Nano; paid: Nano }
  /** "Bank account ending in 3000" */
  method: string | null
  /** What was made of the documents that they sent. */
  documents: "pending" | "approved" | "refused" | null
  /** "VAT ID of Germany ending in 6789" */
  taxNumber: string | null
  hold: { reason: string; atMs: number } | null
  rows: readonly PayoutRow[]
}

const DOCUMENTS = { pending: "To look at", approved: "Accepted", refused: "Refused" } as const

const taxFact = (name: string | null, path: string): Omit<Fact, "label"> =>
  name === null
    ? { text: "None given" }
    : {
        value: (
          <a href={`${path}/tax-number`} safe>
            {name}
          </a>
        ),
      }

const personPath = (id: string): string => `/admin/users/${encodeURIComponent(id)}`

export function AdminUserPayoutsPage(props: AdminUserPayoutsProps): JSX.Element {
  const { frame, now, user, earnings, method, documents, taxNumber, hold, rows } = props
  const path = `${personPath(user.id)}/payouts`
  const places = usdPlaces(Object.values(earnings))
  return (
    <DetailPage
      frame={frame}
      title="Payouts"
      section="Admin"
      lead={`What ${user.label} earned and was paid.`}
      up={holderUp(user)}
      stats={[
        { label: "Available", value: <Usd amount={earnings.available} places={places} way="down" /> },
        { label: "Pending", value: <Usd amount={earnings.pending} places={places} /> },
        { label: "On its way", value: <Usd amount={earnings.requested} places={places} /> },
        { label: "Paid out", value: <Usd amount={earnings.paid} places={places} /> },
      ]}
      facts={{
        heading: "Where it goes",
        list: [
          { label: "Payout method", text: method ?? "None" },
          {
            label: "Documents",
            value: <a href={`${path}/documents`}>{documents === null ? "None sent" : DOCUMENTS[documents]}</a>,
          },
          { label: "Tax number", ...taxFact(taxNumber, path) },
        ],
      }}
    >
      {hold === null ? null : (
        <Notice tone="warn" text={`Held: ${hold.reason}`}>
          <p class="quiet">
            {"Since "}
            <When ms={hold.atMs} now={now} />
          </p>
        </Notice>
      )}
      <div class="actions">
        {hold === null ? (
          <Button kind="danger" dialog href={`${path}/hold`} label="Hold payouts" />
        ) : (
          <Button dialog href={`${path}/release`} label="Release payouts" />
        )}
      </div>
      <section aria-labelledby="rows-title">
        <h2 id="rows-title">Payouts</h2>
        <Table
          caption="Payouts"
          hideCaption
          columns={PAYOUT_COLUMNS}
          rows={rows.map((row) => payoutCells(row, "/admin/payouts", now))}
          empty={<Empty title="No payout yet" text="What they ask for stands here." />}
        />
      </section>
    </DetailPage>
  )
}

export interface AdminUserPayoutActProps {
  frame: Frame
  act: "hold" | "release"
  user: Whom
  form: FormView
}

export function AdminUserPayoutActPage({ frame, act, user, form }: AdminUserPayoutActProps): JSX.Element {
  const path = `${personPath(user.id)}/payouts`
  return (
    <ConfirmPage
      frame={frame}
      title={act === "hold" ? `Hold the payouts of ${user.label}?` : `Release the payouts of ${user.label}?`}
      section="Admin"
      up={{ href: path, label: "Payouts" }}
      form={form}
      cancelHref={path}
      words={
        act === "hold"
          ? [
              "They cannot ask for a payout, nothing is approved, and nothing goes into a file, until you release them.",
              "They read that their payouts are held, not why. What they earn stays theirs.",
            ]
          : ["They can ask again, and what waits can be approved."]
      }
    />
  )
}
