// What a product has beside plans and documentation: what changed, who helps, what subscribers think of it.

import { plural } from "../../ui/format.ts"
import type { FormView } from "../../ui/index.ts"
import { Badge, Button, Empty, FormOf, Icon, Markdown, Meter, Notice, Table, When } from "../../ui/index.ts"
import { ProductFrame } from "./frame.tsx"
import type { ProductPage, Rating, Support } from "./types.ts"
import { marketPath, ratingText, SUPPORT } from "./words.ts"

export interface Change {
  id: string
  atMs: number
  /** "1.4.0", or "". */
  version: string
  title: string
  /** Markdown. */
  text: string
  isBreaking: boolean
}

export interface MarketChangelogProps extends ProductPage {
  /** Newest first. */
  changes: readonly Change[]
}

/** GET /marketplace/:product/changelog */
export function MarketChangelogPage({ changes, ...rest }: MarketChangelogProps): JSX.Element {
  return (
    <ProductFrame {...rest} tab="changelog">
      <section aria-labelledby="changelog-title">
        <h2 id="changelog-title">What changed</h2>
        {changes.length === 0 ? (
          <Empty title="No change yet" text="New endpoints, fixes and deprecations are written down here." />
        ) : (
          <ol class="timeline plain">
            {changes.map((one) => (
              <li class={one.isBreaking ? "warn" : "neutral"}>
                <Icon name={one.isBreaking ? "alert" : "dot"} />
                <div>
                  <h3>
                    <bdi safe>{one.title}</bdi>
                  </h3>
                  <p class="badges">
                    {one.version === "" ? null : <Badge text={one.version} />}
                    {one.isBreaking ? <Badge tone="warn" text="Breaking" /> : null}
                    <When ms={one.atMs} now={rest.now} />
                  </p>
                  {one.text === "" ? null : <Markdown source={one.text} by="people" id={`change-${one.id}`} />}
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
    </ProductFrame>
  )
}

export interface SupportWay {
  plan: string
  isMine: boolean
  level: Support
  /** Ways in words with an address: mail or web; `href` undefined = words alone. */
  contacts: readonly { label: string; text: string; href?: string | undefined }[]
}

export interface MarketSupportProps extends ProductPage {
  ways: readonly SupportWay[]
  /** Questions with answers in Markdown. */
  faq: readonly { id: string; question: string; answer: string }[]
}

/** GET /marketplace/:product/support */
export function MarketSupportPage({ ways, faq, ...rest }: MarketSupportProps): JSX.Element {
  return (
    <ProductFrame {...rest} tab="support">
      <section aria-labelledby="contacts-title">
        <h2 id="contacts-title">Who helps</h2>
        <p class="quiet">Support comes from the publisher, by plan.</p>
        <Table
          caption="Support by plan"
          hideCaption
          columns={[{ label: "Plan" }, { label: "Level" }, { label: "Contact" }]}
          rows={ways.map((way) => [
            <>
              <bdi safe>{way.plan}</bdi>
              {way.isMine ? (
                <>
                  {" "}
                  <Badge tone="accent" text="Yours" />
                </>
              ) : null}
            </>,
            <span safe>{SUPPORT[way.level]}</span>,
            <Contacts way={way} />,
          ])}
          empty={<Empty title="No contact yet" text="The publisher has named none so far." />}
        />
      </section>
      <section aria-labelledby="faq-title">
        <h2 id="faq-title">Questions and answers</h2>
        {faq.length === 0 ? (
          <p class="quiet">None are written down yet.</p>
        ) : (
          <div class="market-faq">
            {faq.map((one) => (
              <details>
                <summary>
                  <Icon name="down" />
                  <bdi safe>{one.question}</bdi>
                </summary>
                <Markdown source={one.answer} by="people" id={`faq-${one.id}`} />
              </details>
            ))}
          </div>
        )}
      </section>
    </ProductFrame>
  )
}

function Contacts({ way }: { way: SupportWay }): JSX.Element {
  if (way.contacts.length === 0) return <span class="quiet">None</span>
  return (
    <ul class="plain">
      {way.contacts.map(({ label, text, href }) => (
        <li>
          <span class="quiet" safe>{`${label}: `}</span>
          {href === undefined ? (
            <bdi safe>{text}</bdi>
          ) : (
            <a href={href} rel="nofollow noopener ugc">
              <bdi safe>{text}</bdi>
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

export interface Review {
  id: string
  stars: number
  title: string
  text: string
  by: string
  atMs: number
  isEdited: boolean
  isMine: boolean
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
      </p>
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
