// What subscribers think of a product: reviews with the publisher's answers, one's own, and the questions before a report or a removal.
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { plural } from "../../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Meter, Notice, When } from "../../ui/index.ts"
import { ProductFrame } from "./frame.tsx"
import type { ProductHead, ProductPage, Rating } from "./types.ts"
import { marketPath, ratingText } from "./words.ts"

export interface Review {
  id: string
  stars: number
  title: string
  text: string
  by: string
  atMs: number
  isEdited: boolean
  isMine: boolean
  /** Why it was taken down: only its author sees it. */
  hiddenBecause?: string | null | undefined
  /** The person said that it breaks the rules. */
  isReported: boolean
  answer: { text: string; atMs: number } | null
}

export interface MarketReviewsProps extends ProductPage {
  rating: Rating | null
  /** Reviews with five stars first, down to one. */
  stars: readonly number[]
  reviews: readonly Review[]
  nextHref?: string | undefined
  /** Of the person's own review; undefined = they may write none, `why` says it. */
  form?: FormView | undefined
  why?: string | undefined
}

/** GET and POST /marketplace/:product/reviews */
export function MarketReviewsPage(props: MarketReviewsProps): JSX.Element {
  const { frame, product, rating, reviews, form, why, nextHref, ...rest } = props
  return (
    <ProductFrame frame={frame} product={product} {...rest} tab="reviews">
      <section aria-labelledby="reviews-title">
        <h2 id="reviews-title">Reviews</h2>
        {rating === null ? null : <Stars rating={rating} stars={props.stars} />}
        {reviews.length === 0 ? (
          <Empty title="No review yet" text="People who use this API can say here how it does." />
        ) : (
          <ul class="plain market-reviews">
            {reviews.map((review) => (
              <li id={`review-${review.id}`}>
                <ReviewCard
                  review={review}
                  slug={product.slug}
                  frame={frame}
                  now={props.now}
                  product={product.publisher}
                />
              </li>
            ))}
          </ul>
        )}
        {nextHref ? <Button href={nextHref} swap="main" label="Older reviews" /> : null}
      </section>
      {form ? (
        <section aria-labelledby="mine-title">
          <h2 id="mine-title">Your review</h2>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
        </section>
      ) : why ? (
        <Notice text={why} />
      ) : null}
    </ProductFrame>
  )
}

function Stars({ rating, stars }: { rating: Rating; stars: readonly number[] }): JSX.Element {
  return (
    <div class="market-stars">
      <p class="strong" safe>
        {ratingText(rating)}
      </p>
      {stars.map((number, index) => (
        <Meter
          label={plural(5 - index, "star")}
          value={number}
          max={rating.count}
          warnAt={1}
          text={`${plural(5 - index, "star")}: ${number}`}
        />
      ))}
    </div>
  )
}

function ReviewCard(props: {
  review: Review
  slug: string
  frame: ProductPage["frame"]
  now: number
  product: string
}): JSX.Element {
  const { review, slug, frame, now } = props
  return (
    <article class="market-review">
      <h3>
        <bdi safe>{review.title}</bdi>
      </h3>
      <p class="badges">
        <Badge
          tone={review.stars >= 4 ? "ok" : review.stars === 3 ? "neutral" : "warn"}
          text={`${review.stars} of 5`}
        />
        <bdi safe>{review.by}</bdi>
        <span class="quiet">
          <When ms={review.atMs} now={now} />
          {review.isEdited ? ", edited" : ""}
        </span>
        {review.isMine ? <Badge tone="accent" text="Yours" /> : null}
        {review.hiddenBecause ? <Badge tone="bad" text="Taken down, only you see it" /> : null}
      </p>
      {review.hiddenBecause ? <Notice tone="warn" text={`An admin took it down: ${review.hiddenBecause}`} /> : null}
      {review.text === "" ? null : (
        <p dir="auto" class="market-text" safe>
          {review.text}
        </p>
      )}
      {review.answer === null ? null : (
        <blockquote class="market-reply">
          <p class="quiet">
            <bdi safe>{props.product}</bdi>
            {" answered "}
            <When ms={review.answer.atMs} now={now} />
          </p>
          <p dir="auto" class="market-text" safe>
            {review.answer.text}
          </p>
        </blockquote>
      )}
      <ReviewActs review={review} slug={slug} frame={frame} />
    </article>
  )
}

function ReviewActs({
  review,
  slug,
  frame,
}: {
  review: Review
  slug: string
  frame: ProductPage["frame"]
}): JSX.Element {
  if (!frame.user) return ""
  const path = marketPath(slug, "reviews", review.id)
  if (review.isMine) return <Button href={`${path}/removal`} dialog small label="Remove your review" />
  if (review.isReported) return <p class="quiet">You reported it. An admin looks at it.</p>
  return <Button href={`${path}/report`} dialog small label="Report" />
}

export interface ReviewActProps {
  frame: ProductPage["frame"]
  product: ProductHead
  /** Of the review. */
  title: string
  form: FormView
}

export function MarketReviewReportPage({ frame, product, title, form }: ReviewActProps): JSX.Element {
  const path = marketPath(product.slug, "reviews")
  return (
    <ConfirmPage
      frame={frame}
      title="Report this review?"
      up={{ href: path, label: `Reviews of ${product.title}` }}
      form={form}
      cancelHref={path}
      words={[`It is called “${title}”. An admin looks at it, and takes it down where it breaks the rules.`]}
    />
  )
}

export function MarketReviewRemovePage({ frame, product, title, form }: ReviewActProps): JSX.Element {
  const path = marketPath(product.slug, "reviews")
  return (
    <ConfirmPage
      frame={frame}
      title="Remove your review?"
      up={{ href: path, label: `Reviews of ${product.title}` }}
      form={form}
      cancelHref={path}
      words={[`“${title}” goes for good, with the publisher’s answer. You can write another one.`]}
    />
  )
}
