// One listing as an admin has it: its words, what changed, what people say against it, and the questions before a decision.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Badge, Button, Diff, Form, type FormView, Notice, When } from "../ui/index.ts"
import { type AdminListingRow, Badges, Developer, LIST, pathOf } from "./directory.tsx"
import { Fact } from "./fact.tsx"

export interface AdminListingProps {
  frame: Frame
  now: number
  listing: AdminListingRow & {
    /** When these words were saved. */
    savedMs: number
    slug: string
    description: string
    category: string
    tags: string
    url: string
    sourceUrl: string
    priceWords: string
    remark: string | null
    shots: number
    /** The domain that its developer showed to be theirs. */
    verified: string | null
  }
  /** What everybody sees, and what waits; null = nothing of it is shown yet, or nothing waits. */
  changed: { before: string; after: string } | null
  reports: readonly { kind: string; words: string; createdMs: number; by: string | null }[]
}

const KINDS: Readonly<Record<string, string>> = {
  scam: "Deceives people",
  harmful: "Does harm",
  copy: "Passes for another app",
  broken: "Does not work",
  spam: "Advertising or nonsense",
  other: "Something else",
}

/** GET /admin/directory/:app */
export function AdminListingPage(props: AdminListingProps): JSX.Element {
  const { frame, listing, changed } = props
  const path = pathOf(listing.id)
  return (
    <ConsoleLayout
      frame={frame}
      title={listing.name}
      section="Admin"
      lead={listing.tagline || undefined}
      up={{ href: LIST, label: "App directory" }}
      action={<Button href={`${path}/preview`} icon="eye" label="See its page" />}
    >
      <section aria-labelledby="state-title">
        <h2 id="state-title">Where it stands</h2>
        <p class="badges">
          <Badges {...listing} />
        </p>
        {listing.remark === null ? null : <Notice tone="warn" text={`Its developer reads: ${listing.remark}`} />}
        <Acts listing={listing} csrf={frame.csrf} />
      </section>
      <Reports {...props} />
      {changed === null ? null : (
        <section aria-labelledby="changed-title">
          <h2 id="changed-title">What changed</h2>
          <Diff before={changed.before} after={changed.after} label="What changed" />
        </section>
      )}
      <Facts listing={listing} />
    </ConsoleLayout>
  )
}

function Acts({ listing, csrf }: { listing: AdminListingProps["listing"]; csrf: string }): JSX.Element {
  const path = pathOf(listing.id)
  const { state, askedMs, isFeatured } = listing
  return (
    <div class="actions">
      {askedMs === null ? null : (
        <Button kind="primary" href={`${path}/approval?saved=${listing.savedMs}`} dialog label="Put in the directory" />
      )}
      {askedMs === null && state !== "listed" ? null : (
        <Button href={`${path}/remark`} dialog label="Ask for changes" />
      )}
      {state === "listed" ? (
        <Form action={`${path}/feature`} csrf={csrf} class="cell-form">
          <input type="hidden" name="on" value={isFeatured ? "" : "1"} />
          <Button label={isFeatured ? "Stop featuring" : "Feature"} />
        </Form>
      ) : null}
      {state === "suspended" ? (
        <Button href={`${path}/reinstatement`} dialog label="Let in again" />
      ) : (
        <Button kind="danger" href={`${path}/suspension`} dialog label="Suspend listing" />
      )}
      {state === "listed" ? (
        <Button href={`/directory/${encodeURIComponent(listing.slug)}`} label="Open in the directory" />
      ) : null}
    </div>
  )
}

function Reports({ reports, now, listing }: AdminListingProps): JSX.Element {
  if (reports.length === 0) return ""
  return (
    <section aria-labelledby="reports-title">
      <h2 id="reports-title" safe>
        {plural(listing.reports, "report")}
      </h2>
      <ul class="plain rows">
        {reports.map(({ kind, words, createdMs, by }) => (
          <li>
            <p class="badges">
              <Badge tone="warn" text={KINDS[kind] ?? kind} />
              {by === null ? (
                <span class="quiet">Somebody who was not signed in</span>
              ) : (
                <a href={`/admin/users/${encodeURIComponent(by)}`}>Somebody who was signed in</a>
              )}
              <span class="quiet">
                <When ms={createdMs} now={now} />
              </span>
            </p>
            {words === "" ? null : (
              <p dir="auto" class="review-text" safe>
                {words}
              </p>
            )}
          </li>
        ))}
      </ul>
      <div class="actions">
        <Button href={`${pathOf(listing.id)}/reports`} dialog label="Leave it listed" />
      </div>
    </section>
  )
}

function Facts({ listing }: { listing: AdminListingProps["listing"] }): JSX.Element {
  const facts: readonly (readonly [string, string])[] = [
    ["Address", `/directory/${listing.slug}`],
    ["Category", listing.category || "None"],
    ["Tags", listing.tags || "None"],
    ["“Use app” leads to", listing.url || "Nowhere yet"],
    ["Verified domain", listing.verified ?? "None"],
    ["Source code", listing.sourceUrl || "None"],
    ["What it costs", listing.priceWords || "Nothing is said"],
    ["Screenshots", String(listing.shots)],
  ]
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">As its developer wrote it last</h2>
      <dl class="facts">
        <Fact label="Developer" value={<Developer {...listing} />} />
        {facts.map(([label, text]) => (
          <Fact label={label} text={text} />
        ))}
      </dl>
      <h3>Description</h3>
      <p dir="auto" class="review-text" safe>
        {listing.description || "None yet."}
      </p>
    </section>
  )
}

export interface ListingActProps {
  frame: Frame
  act: "approve" | "remark" | "suspend" | "reinstate" | "settle"
  app: { id: string; name: string }
  form: FormView
}

const ACTS = {
  approve: {
    title: (name: string) => `Put ${name} in the directory?`,
    words: "Everybody sees it at once, as you read it. Its developer gets a mail.",
  },
  remark: {
    title: (name: string) => `Ask for changes to ${name}?`,
    words: "What everybody sees stays as it is. Its developer gets a mail.",
  },
  suspend: {
    title: (name: string) => `Suspend the listing of ${name}?`,
    words:
      "It is gone from the directory at once, and its reports are settled. The app itself goes on; its developer gets a mail.",
  },
  reinstate: {
    title: (name: string) => `Let ${name} in again?`,
    words: "Its developer may change the listing and send it in.",
  },
  settle: {
    title: (name: string) => `Leave ${name} listed?`,
    words: "The reports that wait are settled. Nobody is told.",
  },
} as const

export function ListingActPage({ frame, act, app, form }: ListingActProps): JSX.Element {
  const { title, words } = ACTS[act]
  return (
    <ConfirmPage
      frame={frame}
      title={title(app.name)}
      section="Admin"
      up={{ href: pathOf(app.id), label: app.name }}
      form={form}
      cancelHref={pathOf(app.id)}
      words={[words]}
    />
  )
}
