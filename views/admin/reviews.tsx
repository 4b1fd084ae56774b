// Reviews of APIs that somebody reported, and those that were taken down: what is said, what is said against it, and the questions before a decision.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Badge, Button, Empty, type FormView, Notice, Pager, Tabs, When } from "../ui/index.ts"

export interface AdminReview {
  id: string
  stars: number
  title: string
  text: string
  /** Its author's name; null = they gave none. */
  by: string | null
  authorHref: string | null
  atMs: number
  isEdited: boolean
  /** What the publisher said to it. */
  answer: string | null
  /** Why it was taken down; null = everybody sees it. */
  hiddenBecause: string | null
  product: { title: string; href: string }
  reports: readonly { reason: string; createdMs: number }[]
}

export interface AdminReviewsProps {
  frame: Frame
  now: number
  state: "reported" | "hidden"
  /** Of those that wait. */
  waiting: number
  reviews: readonly AdminReview[]
  firstHref?: string | undefined
  nextHref?: string | undefined
}

const LIST = "/admin/reviews"
const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`

export function AdminReviewsPage(props: AdminReviewsProps): JSX.Element {
  const { frame, now, state, waiting, reviews, firstHref, nextHref } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Reviews"
      section="Admin"
      lead="What subscribers say of APIs, where somebody says that it breaks the rules. A bad opinion alone breaks none."
    >
      <Tabs
        label="Which reviews"
        tabs={[
          { label: "Reported", href: LIST, current: state === "reported", count: String(waiting) },
          { label: "Taken down", href: `${LIST}?state=hidden`, current: state === "hidden" },
        ]}
      />
      {reviews.length === 0 ? (
        state === "reported" ? (
          <Empty title="Nothing waits for you" text="Reviews that people report stand here, the oldest first." />
        ) : (
          <Empty
            title="No review was taken down"
            text="Reviews that were taken down stand here. Only their authors see them."
          />
        )
      ) : (
        reviews.map((review) => <Review review={review} now={now} />)
      )}
      <Pager label="More reviews" firstHref={firstHref} nextHref={nextHref} />
    </ConsoleLayout>
  )
}

function Review({ review, now }: { review: AdminReview; now: number }): JSX.Element {
  const { id, stars, title, text, answer, hiddenBecause, product } = review
  return (
    <article class="card" id={`review-${id}`}>
      <h2>
        <bdi safe>{title}</bdi>
      </h2>
      <p class="badges">
        <Badge tone={stars >= 4 ? "ok" : stars === 3 ? "neutral" : "warn"} text={`${stars} of 5`} />
        <Author {...review} />
        <span class="quiet">
          <When ms={review.atMs} now={now} />
          {review.isEdited ? ", edited" : ""}
        </span>
        <a href={product.href}>
          <bdi safe>{product.title}</bdi>
        </a>
        {hiddenBecause === null ? null : <Badge tone="bad" text="Taken down" />}
      </p>
      {text === "" ? null : (
        <p dir="auto" class="review-text" safe>
          {text}
        </p>
      )}
      {answer === null ? null : (
        <blockquote>
          <p class="quiet">Its publisher answered</p>
          <p dir="auto" class="review-text" safe>
            {answer}
          </p>
        </blockquote>
      )}
      {hiddenBecause === null ? null : <Notice tone="warn" text={`Its author reads: ${hiddenBecause}`} />}
      <Reports {...review} now={now} />
      <div class="actions">
        {hiddenBecause === null ? (
          <>
            <Button href={`${pathOf(id)}/keeping`} dialog label="Keep" />
            <Button kind="danger" href={`${pathOf(id)}/hiding`} dialog label="Take down" />
          </>
        ) : (
          <Button href={`${pathOf(id)}/keeping`} dialog label="Show again" />
        )}
      </div>
    </article>
  )
}

function Author({ by, authorHref }: AdminReview): JSX.Element {
  const name = by ?? "Somebody without a name"
  if (authorHref === null) return <bdi safe>{name}</bdi>
  return (
    <a href={authorHref}>
      <bdi safe>{name}</bdi>
    </a>
  )
}

function Reports({ reports, now }: AdminReview & { now: number }): JSX.Element {
  if (reports.length === 0) return ""
  return (
    <>
      <h3 safe>{plural(reports.length, "report")}</h3>
      <ul>
        {reports.map(({ reason, createdMs }) => (
          <li>
            <bdi safe>{reason}</bdi>
            <span class="quiet">
              {" "}
              <When ms={createdMs} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

export interface ReviewDecisionProps {
  frame: Frame
  /** Of the review. */
  title: string
  /** `show`: it was taken down. */
  act: "keep" | "show" | "hide"
  form: FormView
}

const ACTS = {
  keep: { title: "Keep this review?", words: "It stays as it is. Whoever reported it gets a mail." },
  show: {
    title: "Show this review again?",
    words: "Everybody sees it, and its stars count. Its author and the publisher get a mail.",
  },
  hide: {
    title: "Take this review down?",
    words:
      "Only its author sees it, with what you say here; its stars count no more. Its author, the publisher and whoever reported it get a mail.",
  },
} as const

export function ReviewDecisionPage({ frame, title, act, form }: ReviewDecisionProps): JSX.Element {
  const one = ACTS[act]
  return (
    <ConfirmPage
      frame={frame}
      title={one.title}
      section="Admin"
      up={{ href: LIST, label: "Reviews" }}
      form={form}
      cancelHref={LIST}
      words={[`It is called “${title}”.`, one.words]}
    />
  )
}
