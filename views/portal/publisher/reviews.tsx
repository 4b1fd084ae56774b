// What subscribers say of an API, for its publisher, who answers below each.
import type { Frame } from "../../layout/frame.ts"
import { Badge, Empty, FormOf, type FormView, Pager, When } from "../../ui/index.ts"
import { ProductFrame, type ProductHead } from "./product-frame.tsx"

export interface ProductReview {
  id: string
  stars: number
  title: string
  text: string
  by: string
  atMs: number
  answeredMs: number | null
  /** The publisher's answer; empty takes it away. */
  form: FormView
}

export interface ProductReviewsProps {
  frame: Frame
  now: number
  product: ProductHead
  reviews: readonly ProductReview[]
  nextHref: string | undefined
  firstHref: string | undefined
}

export function ProductReviewsPage(props: ProductReviewsProps): JSX.Element {
  const { frame, now, product, reviews, nextHref, firstHref } = props
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="reviews"
      lead="What subscribers say. Everybody reads your answer below it."
    >
      {reviews.length === 0 ? (
        <Empty title="No review yet" text="Whoever subscribed can write one; it stands here and on the API’s page." />
      ) : (
        reviews.map((review) => <Review frame={frame} now={now} review={review} />)
      )}
      <Pager label="Older reviews" firstHref={firstHref} nextHref={nextHref} />
    </ProductFrame>
  )
}

function Review({ frame, now, review }: { frame: Frame; now: number; review: ProductReview }): JSX.Element {
  const { stars, title, text, by, atMs, answeredMs, form } = review
  return (
    <article>
      <h2>
        <bdi safe>{title}</bdi>
      </h2>
      <p class="badges">
        <Badge tone={stars >= 4 ? "ok" : stars === 3 ? "neutral" : "warn"} text={`${stars} of 5`} />
        <bdi safe>{by}</bdi>
        <span class="quiet">
          <When ms={atMs} now={now} />
        </span>
      </p>
      {text === "" ? null : (
        <p dir="auto" safe>
          {text}
        </p>
      )}
      {answeredMs === null ? null : (
        <p class="quiet">
          {"You answered "}
          <When ms={answeredMs} now={now} />
        </p>
      )}
      <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
    </article>
  )
}
