// Documents by which somebody shows who they are before large sums are paid: what was made of them, which there are, and sending another.
import type { Nano } from "../../../src/app/units.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { usdText } from "../../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Notice, Table, When } from "../../ui/index.ts"

const PATH = "/developer/payouts/documents"

export type DocumentsState = "pending" | "approved" | "refused"

export interface DocumentRow {
  /** `pyd_…` */
  id: string
  /** "Proof of address" */
  kind: string
  /** "PDF, 1.2 MB" */
  what: string
  sentMs: number
  /** It was accepted, and stays. */
  isKept: boolean
}

export interface DocumentsProps {
  frame: Frame
  now: number
  /** null: nothing was sent. */
  state: DocumentsState | null
  because: string | null
  /** What may be asked for this year without; null = all. */
  room: Nano | null
  documents: readonly DocumentRow[]
  /** Years that tax documents are kept after the account. */
  taxYears: number
  form: FormView
}

const SAID: Readonly<Record<DocumentsState, { tone: "ok" | "warn" | "bad"; text: string }>> = {
  pending: { tone: "warn", text: "We look at your documents, and mail you what came of it." },
  approved: { tone: "ok", text: "Your documents are accepted. You can ask for any sum." },
  refused: { tone: "bad", text: "We could not accept your documents. Send others." },
}

/** POST its own address, multipart: csrf, kind, file. */
export function DocumentsPage(props: DocumentsProps): JSX.Element {
  const { frame, now, state, because, room, documents, taxYears, form } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Documents"
      section="Developer"
      lead="Show who you are, and for tax. Kept sealed, and read by nobody but you and whoever decides."
      up={{ href: "/developer/payouts", label: "Payouts" }}
    >
      {state === null ? null : (
        <Notice tone={SAID[state].tone} text={SAID[state].text}>
          {because === null ? null : <p safe>{`Why: ${because}`}</p>}
        </Notice>
      )}
      {room === null ? null : (
        <p class="page-form" safe>
          {`Until your documents are accepted you can ask for ${usdText(room)} more this year (UTC).`}
        </p>
      )}
      <section aria-labelledby="documents-title">
        <h2 id="documents-title">Your documents</h2>
        <Table
          caption="Your documents"
          hideCaption
          columns={[{ label: "Document" }, { label: "File" }, { label: "Sent" }, { label: "Actions" }]}
          rows={documents.map((one) => [
            <bdi safe>{one.kind}</bdi>,
            <a href={`${PATH}/${encodeURIComponent(one.id)}/file`} safe>
              {one.what}
            </a>,
            <When ms={one.sentMs} now={now} />,
            one.isKept ? (
              <Badge text="Accepted" tone="ok" />
            ) : (
              <Button dialog href={`${PATH}/${encodeURIComponent(one.id)}/removal`} label="Take off" />
            ),
          ])}
          empty={<Empty title="No document yet" text="Send a passport, identity card or driving licence first." />}
        />
      </section>
      <section aria-labelledby="send-title">
        <h2 id="send-title">Send one</h2>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        <p class="quiet page-form" safe>
          {`Documents go when your account is deleted.${taxYears > 0 ? ` Tax documents of somebody who was paid are kept ${taxYears} years longer, as tax law asks.` : ""}`}
        </p>
      </section>
    </ConsoleLayout>
  )
}

/** POST its own address: csrf. */
export function DocumentRemovalPage({
  frame,
  kind,
  form,
}: {
  frame: Frame
  kind: string
  form: FormView
}): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Take off “${kind}”?`}
      section="Developer"
      up={{ href: PATH, label: "Documents" }}
      form={form}
      cancelHref={PATH}
      words={["The file is deleted. You can send another."]}
    />
  )
}
