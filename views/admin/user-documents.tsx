// Documents that a payee sent: read them, and decide.
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { DocumentRow, DocumentsState } from "../portal/payouts/documents.tsx"
import { Badge, Empty, FormOf, type FormView, Notice, Table, When } from "../ui/index.ts"

export interface AdminUserDocumentsProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  /** null: nothing was sent. */
  state: DocumentsState | null
  because: string | null
  decidedMs: number | null
  documents: readonly DocumentRow[]
  form: FormView
}

const STATES: Readonly<Record<DocumentsState, { text: string; tone: "ok" | "warn" | "bad" }>> = {
  pending: { text: "To look at", tone: "warn" },
  approved: { text: "Accepted", tone: "ok" },
  refused: { text: "Refused", tone: "bad" },
}

/** POST its own address: csrf, decision, because, reason. */
export function AdminUserDocumentsPage(props: AdminUserDocumentsProps): JSX.Element {
  const { frame, now, user, state, because, decidedMs, documents, form } = props
  const path = `/admin/users/${encodeURIComponent(user.id)}/payouts`
  return (
    <DetailPage
      frame={frame}
      title="Documents"
      section="Admin"
      lead={`What ${user.label} sent to show who they are. Each reading stands in the audit log.`}
      up={{ href: path, label: "Payouts" }}
      facts={{
        heading: "State",
        list: [
          { label: "Documents", value: state === null ? "None sent" : <Badge {...STATES[state]} /> },
          ...(decidedMs === null ? [] : [{ label: "Decided", value: <When ms={decidedMs} now={now} /> }]),
        ],
      }}
    >
      {because === null ? null : <Notice tone="warn" text={`They read: ${because}`} />}
      <section aria-labelledby="documents-title">
        <h2 id="documents-title">Files</h2>
        <Table
          caption="Files"
          hideCaption
          columns={[{ label: "Document" }, { label: "File" }, { label: "Sent" }]}
          rows={documents.map((one) => [
            <bdi safe>{one.kind}</bdi>,
            <a href={`/admin/payouts/documents/${encodeURIComponent(one.id)}`} safe>
              {one.what}
            </a>,
            <When ms={one.sentMs} now={now} />,
          ])}
          empty={<Empty title="No document" text="What they send under Payouts, Documents stands here." />}
        />
      </section>
      {documents.length === 0 ? null : (
        <section aria-labelledby="decide-title">
          <h2 id="decide-title">Decide</h2>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        </section>
      )}
    </DetailPage>
  )
}
