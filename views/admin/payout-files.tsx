// Files for a bank or a payment service: making one, what is in it, and what came of it.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { PayoutBadge, type PayoutState } from "../portal/payouts/row.tsx"
import { plural } from "../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Id, Notice, RowLink, Table, When } from "../ui/index.ts"

const LIST = "/admin/payouts/files"
const UP = { href: "/admin/payouts", label: "Payouts" }
const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`

export type PayoutFormat = "pain" | "csv" | "paypal"
const FORMATS: Readonly<Record<PayoutFormat, string>> = { pain: "For a bank", csv: "Table", paypal: "For PayPal" }

interface FileShown {
  id: string
  format: PayoutFormat
  atMs: number
  by: string
  /** It was not sent, and what was in it went back. */
  isBack: boolean
}

export interface AdminPayoutFilesProps {
  frame: Frame
  now: number
  /** Approved payouts that such a file would have. */
  waiting: Record<PayoutFormat, number>
  /** What a file for a bank lacks; null = nothing. */
  problem: string | null
  form: FormView
  files: readonly (FileShown & { count: number; open: number })[]
}

/** POST /admin/payouts/files: csrf, format, reason. */
export function AdminPayoutFilesPage(props: AdminPayoutFilesProps): JSX.Element {
  const { frame, now, waiting, problem, form, files } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Files for the bank"
      section="Admin"
      lead="Approved payouts, as a file that your bank or PayPal takes. What is in one file is in no other."
      up={UP}
    >
      <section aria-labelledby="make-title">
        <h2 id="make-title">Make a file</h2>
        <p class="page-form" safe>
          {`${plural(waiting.csv, "approved payout")} in no file yet: ${waiting.pain} to bank accounts, ${waiting.paypal} to PayPal.`}
        </p>
        {problem === null || waiting.pain === 0 ? null : (
          <Notice tone="warn" text={problem}>
            <a href="/admin/settings#payouts.debtor_name">Settings</a>
          </Notice>
        )}
        {waiting.csv === 0 && form.errors === undefined ? null : (
          <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
        )}
      </section>
      <section aria-labelledby="files-title">
        <h2 id="files-title">Files</h2>
        <Table
          caption="Files"
          hideCaption
          columns={[
            { label: "File" },
            { label: "Kind" },
            { label: "Made" },
            { label: "By", minor: true },
            { label: "Payouts", numeric: true },
            { label: "State" },
          ]}
          rows={files.map((file) => [
            <RowLink href={pathOf(file.id)} label={`…${file.id.slice(-6)}`} />,
            <span safe>{FORMATS[file.format]}</span>,
            <When ms={file.atMs} now={now} />,
            <bdi safe>{file.by}</bdi>,
            <span class="num">{file.count}</span>,
            <FileBadge {...file} />,
          ])}
          empty={<Empty title="No file yet" text="Each one stands here, so that nothing is sent twice." />}
        />
      </section>
    </ConsoleLayout>
  )
}

function FileBadge({ isBack, open }: { isBack: boolean; open: number }): JSX.Element {
  if (isBack) return <Badge text="Taken back" />
  return open > 0 ? <Badge tone="accent" text={`${open} on the way`} /> : <Badge tone="ok" text="Done" />
}

export interface AdminPayoutFileProps {
  frame: Frame
  now: number
  file: FileShown
  rows: readonly {
    id: string
    state: PayoutState
    to: string
    who: string
    /** "EUR 23.50" */
    amount: string
  }[]
}

export function AdminPayoutFilePage({ frame, now, file, rows }: AdminPayoutFileProps): JSX.Element {
  const path = pathOf(file.id)
  const open = rows.filter(({ state }) => state === "approved").length
  return (
    <DetailPage
      frame={frame}
      title="A file for the bank"
      section="Admin"
      up={{ href: LIST, label: "Files" }}
      state={<FileBadge isBack={file.isBack} open={open} />}
      facts={{
        heading: "File",
        list: [
          { label: "Id", value: <Id text={file.id} /> },
          { label: "Kind", text: FORMATS[file.format] },
          { label: "Made", value: <When ms={file.atMs} now={now} /> },
          { label: "By", text: file.by },
        ],
      }}
    >
      {file.isBack ? (
        <Notice text="This file was taken back, so that nobody sends it. What was in it can go into another one." />
      ) : (
        <div class="actions">
          <Button kind="primary" icon="download" href={`${path}/download`} label="Download" />
          {open > 0 ? <Button dialog href={`${path}/payment`} label="Mark all as paid" /> : null}
          {open === rows.length ? (
            <Button kind="danger" dialog href={`${path}/withdrawal`} label="Take the file back" />
          ) : null}
        </div>
      )}
      <section aria-labelledby="rows-title">
        <h2 id="rows-title" safe>
          {plural(rows.length, "payout")}
        </h2>
        <Table
          caption="Payouts in this file"
          hideCaption
          columns={[
            { label: "Payout" },
            { label: "Developer" },
            { label: "To" },
            { label: "State" },
            { label: "Amount", numeric: true },
          ]}
          rows={rows.map((row) => [
            <RowLink href={`/admin/payouts/${encodeURIComponent(row.id)}`} label={`…${row.id.slice(-6)}`} />,
            <bdi safe>{row.who}</bdi>,
            <bdi safe>{row.to}</bdi>,
            <PayoutBadge state={row.state} isTest={false} inFile={row.state === "approved"} />,
            <span class="num" safe>
              {row.amount}
            </span>,
          ])}
          empty={<Empty title="Nothing" text="What was in it went back." />}
        />
      </section>
    </DetailPage>
  )
}

export interface AdminPayoutFileActProps {
  frame: Frame
  act: "payment" | "withdrawal"
  id: string
  /** Payouts in it that are not over. */
  open: number
  form: FormView
}

export function AdminPayoutFileActPage({ frame, act, id, open, form }: AdminPayoutFileActProps): JSX.Element {
  const words =
    act === "payment"
      ? [
          `${plural(open, "payout")} in this file will stand as paid, under one reference.`,
          "Say so only once your bank has sent it: this cannot be undone. What came back first, mark one by one.",
        ]
      : [
          `${plural(open, "payout")} will go back to those that are approved, and can go into another file.`,
          "Only if your bank never got this one: else people are paid twice.",
        ]
  return (
    <ConfirmPage
      frame={frame}
      title={act === "payment" ? "Was this file paid?" : "Take this file back?"}
      section="Admin"
      up={{ href: pathOf(id), label: "File" }}
      form={form}
      cancelHref={pathOf(id)}
      words={words}
    />
  )
}
