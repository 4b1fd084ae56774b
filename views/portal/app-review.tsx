// The review of an app: where it stands, what was said by both sides, and the form that goes on from there. The thread is the admin's, too.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Form, FormOf, type FormView, type Message, Notice, Thread, When } from "../ui/index.ts"
import { appPath } from "./app-tabs.tsx"

export type Review = "draft" | "waiting" | "approved" | "rejected"

export interface ReviewNote {
  side: "developer" | "admin"
  decision: "asked" | "approved" | "changes_requested" | "rejected" | null
  text: string
  createdMs: number
}

export interface AppReviewProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  /** Null: nobody has to look at it. */
  review: Review | null
  /** Only its developer can sign in. */
  closed: boolean
  askedMs: number | null
  /** Oldest first. */
  notes: readonly ReviewNote[]
  /** What is to be done before it can be sent in. */
  lacking: string | null
  form: FormView
}

const REVIEWS: Readonly<Record<Review, { tone: "ok" | "warn" | "bad" | "accent"; text: string; words: string }>> = {
  draft: { tone: "warn", text: "Not reviewed", words: "Send it in when it is ready." },
  waiting: { tone: "accent", text: "In review", words: "An admin looks at it; you get a mail." },
  approved: { tone: "ok", text: "Let in", words: "Everybody can sign in to it." },
  rejected: { tone: "bad", text: "Not let in", words: "An admin said no. You can answer below." },
}

export const ReviewBadge = ({ review }: { review: Review }): JSX.Element => (
  <Badge tone={REVIEWS[review].tone} text={REVIEWS[review].text} />
)

/** GET /developer/apps/:app/review */
export function AppReviewPage(props: AppReviewProps): JSX.Element {
  const { frame, now, app, review, closed, askedMs, form, lacking } = props
  return (
    <ConsoleLayout
      frame={frame}
      title={`Review of ${app.name}`}
      section="Developer"
      lead="An admin looks at new apps before people other than their developer can sign in to them."
      up={[
        { href: "/developer", label: "Your apps" },
        { href: appPath(app.id), label: app.name },
      ]}
    >
      <section aria-labelledby="state-title">
        <h2 id="state-title">Where it stands</h2>
        {review === null ? (
          <p>Nobody has to look at this app: everybody can sign in to it.</p>
        ) : (
          <p class="badges">
            <ReviewBadge review={review} />
            <span class="quiet" safe>
              {REVIEWS[review].words}
            </span>
            {askedMs === null ? null : (
              <span class="quiet">
                {"Sent "}
                <When ms={askedMs} now={now} />
              </span>
            )}
          </p>
        )}
        {closed ? <Meanwhile /> : null}
        {review === "draft" && lacking !== null ? <Lacking text={lacking} id={app.id} /> : null}
        {review === "waiting" ? (
          <Form action={`${appPath(app.id)}/review/withdrawal`} csrf={frame.csrf} class="cell-form">
            <Button label="Take back" />
          </Form>
        ) : null}
      </section>
      {review === null ? null : (
        <>
          <h2>What was said</h2>
          <Thread
            label="What was said"
            messages={messagesOf(props.notes, "developer")}
            now={now}
            reply={
              review === "draft" && lacking !== null ? undefined : (
                <FormOf form={form} csrf={frame.csrf} class="form page-form" />
              )
            }
          />
        </>
      )}
    </ConsoleLayout>
  )
}

const Lacking = ({ text, id }: { text: string; id: string }): JSX.Element => (
  <p>
    <a href={`${appPath(id)}#edit-title`} safe>
      {text}
    </a>
  </p>
)

/** What an app may do that nobody looked at. */
const Meanwhile = (): JSX.Element => (
  <Notice tone="neutral" text="Until it is let in, only you can sign in to it, and admins who look at it.">
    <p>
      Everything else works: your own sign-ins, test tokens, secrets, keys and webhooks. Everybody else reads that it
      has not been reviewed, and the directory does not take it.
    </p>
  </Notice>
)

const SAID = {
  asked: "Sent in",
  approved: "Let in",
  changes_requested: "Changes asked for",
  rejected: "Not let in",
} as const

/** @param side whose page it is */
export const messagesOf = (notes: readonly ReviewNote[], side: ReviewNote["side"]): Message[] =>
  notes.map((note, at) => ({
    id: `note-${at + 1}`,
    author: NAMES[note.side][side],
    ...(note.decision === null ? {} : { role: SAID[note.decision] }),
    ms: note.createdMs,
    text: note.text || "Without a word.",
    isOwn: note.side === side,
  }))

/** Of who wrote, by who reads. No admin is named to a developer. */
const NAMES = {
  developer: { developer: "You", admin: "Its developer" },
  admin: { developer: "The people who run this service", admin: "An admin" },
} as const
