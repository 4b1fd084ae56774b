// The machine: which version runs, how much room there is, what its copies say, and whether mail leaves the house.
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, durationText } from "../ui/format.ts"
import { Button, Form, Notice, Sparkline } from "../ui/index.ts"
import { bytesText } from "./bytes.ts"
import { type Check, Truth } from "./truth.tsx"

export interface AdminSystemProps {
  frame: Frame
  version: string
  /** What it is built of: "bun 1.4.5, sqlite 3.54.1, linux-x64". */
  builtOf: string
  uptimeMs: number
  memoryBytes: number
  dataDir: string
  databaseBytes: number
  unusedBytes: number
  walBytes: number
  disk: { freeBytes: number; totalBytes: number } | null
  /** A day. */
  growthBytes: number | null
  /** Bytes, one a day, oldest first. */
  sizes: readonly number[]
  queued: number
  /** What the parts say of copies, keys and what is in front of the server. */
  lines: readonly Check[]
  mail: { road: "smtp" | "mailbox" | "log"; email: string }
}

/** GET /admin/system. POST /admin/system/mail-test: csrf. */
export function AdminSystemPage(props: AdminSystemProps): JSX.Element {
  const { frame, lines } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="System"
      section="Admin"
      lead="The machine this runs on: version, room, copies and mail."
    >
      {lines.length > 0 ? <Truth checks={lines} /> : null}
      <section aria-labelledby="process-title">
        <h2 id="process-title">Process</h2>
        <Facts
          wide
          facts={[
            { label: "Version", text: props.version },
            { label: "Built of", text: props.builtOf },
            { label: "Up for", text: durationText(props.uptimeMs) },
            { label: "Memory", text: bytesText(props.memoryBytes) },
            { label: "Writes that wait", text: count(props.queued) },
          ]}
        />
      </section>
      <Storage {...props} />
      <MailTest {...props} />
    </ConsoleLayout>
  )
}

function Storage(props: AdminSystemProps): JSX.Element {
  const { disk, growthBytes, sizes } = props
  return (
    <section aria-labelledby="storage-title">
      <h2 id="storage-title">Storage</h2>
      <Facts
        wide
        facts={[
          { label: "Data folder", text: props.dataDir },
          { label: "Database", text: bytesText(props.databaseBytes) },
          { label: "…of it unused", text: bytesText(props.unusedBytes) },
          { label: "Its log", text: bytesText(props.walBytes) },
          { label: "Growth", text: growthBytes === null ? "known after a day" : `${bytesText(growthBytes)} a day` },
          { label: "Free on the disk", text: freeText(disk, growthBytes) },
        ]}
      />
      {sizes.length > 1 ? (
        <Sparkline
          values={sizes}
          label={`Size of the database on the last ${count(sizes.length)} days that are known`}
        />
      ) : null}
    </section>
  )
}

function freeText(disk: AdminSystemProps["disk"], growthBytes: number | null): string {
  if (disk === null) return "unknown"
  const of = `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)}`
  if (growthBytes === null || growthBytes <= 0) return of
  const days = Math.floor(disk.freeBytes / growthBytes)
  return days > 3_650 ? `${of}, more than ten years at this growth` : `${of}, ${count(days)} days at this growth`
}

const ROADS: Record<AdminSystemProps["mail"]["road"], string> = {
  smtp: "Mail goes to the server of PURSER_SMTP_URL.",
  mailbox: "This is a demo: mail goes to its mailbox.",
  log: "No mail server is set: mail goes to the log. Set PURSER_SMTP_URL and start the server again.",
}

function MailTest({ frame, mail }: AdminSystemProps): JSX.Element {
  return (
    <section aria-labelledby="mail-title">
      <h2 id="mail-title">Mail</h2>
      {mail.road === "log" ? (
        <Notice tone="warn" text={ROADS.log} />
      ) : (
        <p class="quiet" safe>
          {ROADS[mail.road]}
        </p>
      )}
      <p class="page-form">
        {"A test mail goes to "}
        <bdi safe>{mail.email}</bdi>
        {"; what the mail server answers is shown."}
      </p>
      <Form action="/admin/system/mail-test" csrf={frame.csrf} class="inline">
        <Button label="Send a test mail" />
      </Form>
    </section>
  )
}
