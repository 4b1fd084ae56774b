// A new app as an admin decides about it: what it says of itself, what changed since it was let in, what was said, and the decision.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { messagesOf, type Review, ReviewBadge, type ReviewNote } from "../portal/app-review.tsx"
import { Avatar, Badge, Diff, FormOf, type FormView, Notice, Thread, When } from "../ui/index.ts"
import { appPath } from "./apps.tsx"
import { Fact } from "./fact.tsx"

export interface AdminAppReviewProps {
  frame: Frame
  now: number
  app: {
    id: string
    name: string
    iconUrl?: string | undefined
    developer: string
    developerHref: string | null
    description: string | null
    testMode: boolean
    /** The domain that its developer showed to be theirs. */
    domain: string | null
    links: Readonly<Record<string, string | null>>
    redirectUris: readonly string[]
    scopes: readonly string[]
  }
  /** Null: nobody has to look at it. */
  review: Review | null
  closed: boolean
  askedMs: number | null
  notes: readonly ReviewNote[]
  /** What was let in, and what is there now. */
  changed: { before: string; after: string } | null
  form: FormView
}

/** GET /admin/apps/:app/review */
export function AdminAppReviewPage(props: AdminAppReviewProps): JSX.Element {
  const { frame, now, app, review, changed, form, closed } = props
  return (
    <ConsoleLayout
      frame={frame}
      title={`Review of ${app.name}`}
      section="Admin"
      up={[
        { href: "/admin/apps", label: "Apps" },
        { href: appPath(app.id), label: app.name },
      ]}
    >
      <section aria-labelledby="state-title">
        <h2 id="state-title">Where it stands</h2>
        <p class="badges">
          <Avatar name={app.name} src={app.iconUrl} />
          {review === null ? <Badge text="No review needed" /> : <ReviewBadge review={review} />}
          {app.testMode ? <Badge tone="warn" text="Test mode" /> : null}
          <span class="quiet">{closed ? "Only its developer can sign in to it." : "Everybody can sign in to it."}</span>
          {props.askedMs === null ? null : (
            <span class="quiet">
              {"Sent in "}
              <When ms={props.askedMs} now={now} />
            </span>
          )}
        </p>
        {review === null ? (
          <Notice tone="neutral" text="It was made while no reviews were wanted. Suspend it to keep people out." />
        ) : null}
      </section>
      {changed === null ? null : (
        <section aria-labelledby="changed-title">
          <h2 id="changed-title">Changed since it was let in</h2>
          <Diff before={changed.before} after={changed.after} label="Changed since it was let in" />
        </section>
      )}
      <Facts app={app} />
      {review === null ? null : (
        <>
          <h2>What was said</h2>
          <Thread
            label="What was said"
            messages={messagesOf(props.notes, "admin")}
            now={now}
            reply={<FormOf form={form} csrf={frame.csrf} class="form page-form" />}
          />
        </>
      )}
    </ConsoleLayout>
  )
}

function Facts({ app }: { app: AdminAppReviewProps["app"] }): JSX.Element {
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">What it says of itself</h2>
      <dl class="facts">
        <Fact label="Developer" text={app.developer} href={app.developerHref ?? undefined} />
        <Fact label="What it does" text={app.description ?? "Nothing is said"} />
        <Fact label="Verified domain" text={app.domain ?? "None"} />
        {Object.entries(app.links).map(([label, text]) => (
          <Fact label={label} text={text ?? "None"} />
        ))}
        <Fact label="Returns people to" text={app.redirectUris.join(", ") || "Nowhere"} />
        <Fact label="May ask for" text={app.scopes.join(", ")} />
      </dl>
    </section>
  )
}
