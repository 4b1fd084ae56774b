// The machine: which version runs, how much room there is, what its copies say, and whether mail leaves the house.
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, durationText } from "../ui/format.ts"
import { Badge, Button, Form, Notice, Sparkline, Time, When } from "../ui/index.ts"
import { bytesText, tookText } from "./bytes.ts"
import { SigningKeys, type SigningKeysView } from "./signing-keys.tsx"
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
  backup: BackupView
  keys: SigningKeysView
  mail: { road: "smtp" | "mailbox" | "log"; email: string }
}

export interface BackupView {
  now: number
  /** Whether there is a replica, which a weekly proof restores. */
  isSet: boolean
  /** A copy is being restored and tried at this moment. */
  isProving: boolean
  /** The last proof; null = none yet. */
  proof: {
    atMs: number
    ok: boolean
    source: string
    tookMs: number
    /** Of what was restored, where it came so far. */
    lastMs: number | null
    bytes: number | null
    transactions: number | null
    why: string | null
  } | null
  /** This house came back from its backup once. */
  wasRestored: boolean
}

/** GET /admin/system. POST /admin/system/backup-proof, /admin/system/mail-test: csrf. */
export function AdminSystemPage(props: AdminSystemProps): JSX.Element {
  const { frame, lines } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="System"
      section="Admin"
      lead="The machine this runs on: version, room, copies, keys and mail."
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
      <Backup {...props} />
      <SigningKeys csrf={frame.csrf} keys={props.keys} />
      <MailTest {...props} />
      <section aria-labelledby="setup-title">
        <h2 id="setup-title">Set-up</h2>
        <p class="page-form">
          All that is set up here can be kept as one file: <a href="/admin/apply">Set up from a file</a>.
        </p>
      </section>
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

function Backup({ frame, backup }: AdminSystemProps): JSX.Element {
  const { isSet, isProving, proof, wasRestored } = backup
  return (
    <section aria-labelledby="backup-title">
      <h2 id="backup-title">Backup</h2>
      {isSet ? (
        <p class="quiet page-form">
          Every week the copy is restored into a folder of its own: every page is read, the books are verified, and the
          secret key opens it. Nothing of the running server is touched.
        </p>
      ) : (
        <Notice
          tone="warn"
          text="There is no replica: a lost disk is lost data. Set PURSER_REPLICA_URL, or copy by hand with “purser backup now FILE”."
        />
      )}
      {proof ? <Proof now={backup.now} proof={proof} /> : null}
      {isProving ? (
        <p>
          <Badge tone="accent" text="Being tried" /> Load this page again in a while.
        </p>
      ) : isSet ? (
        <Form action="/admin/system/backup-proof" csrf={frame.csrf} class="inline">
          <Button label="Verify the backup now" />
        </Form>
      ) : null}
      {wasRestored ? (
        <p>
          <a href="/admin/restore">What was lost when this house was restored</a>
        </p>
      ) : null}
    </section>
  )
}

function Proof({ now, proof }: { now: number; proof: NonNullable<BackupView["proof"]> }): JSX.Element {
  const { atMs, ok, source, tookMs, lastMs, bytes, transactions, why } = proof
  return (
    <>
      {why === null ? null : <Notice tone="bad" text={why} />}
      <Facts
        wide
        facts={[
          { label: "Last tried", value: <When ms={atMs} now={now} /> },
          { label: "Result", value: <Badge tone={ok ? "ok" : "bad"} text={ok ? "Restores" : "Does not restore"} /> },
          { label: "From", text: source },
          { label: "Took", text: tookText(tookMs) },
          ...(lastMs === null ? [] : [{ label: "Everything up to", value: <Time ms={lastMs} /> }]),
          ...(bytes === null ? [] : [{ label: "Size", text: bytesText(bytes) }]),
          ...(transactions === null ? [] : [{ label: "Transactions verified", text: count(transactions) }]),
        ]}
      />
    </>
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
