// The nouns of `showcase`: what visitors find, and what subscribers say.
import type { UserId } from "../../app/index.ts"
import type { marketCards, marketReviewReports, marketReviews } from "./tables.ts"

export type ReviewRow = typeof marketReviews.$inferSelect
export type ReviewReport = typeof marketReviewReports.$inferSelect

export interface ShopCard extends Omit<typeof marketCards.$inferSelect, "weight"> {
  categories: string[]
  /** `pub_…` */
  publisherId: string
}

export type ShopOrder = "best" | "new" | "rated" | "name"

export interface ShopQuery {
  q: string
  /** "" = all. */
  category: string
  free: boolean
  order: ShopOrder
  /** From 1. */
  page: number
}

export interface ShopPage {
  cards: ShopCard[]
  total: number
  /** More may fit than were put in order. */
  isMore: boolean
  hasNext: boolean
  /** Of what the words and the price leave, largest first. */
  categories: { name: string; products: number }[]
  /** Nothing is published at all. */
  isEmpty: boolean
}

/** Ten times the average. */
export interface Rating {
  tenths: number
  count: number
}

export interface ReviewShown extends ReviewRow {
  /** As its author calls themselves; null = they gave no name. */
  author: string | null
  isReported: boolean
}

export interface ReviewDraft {
  userId: UserId
  productId: number
  stars: number
  title: string
  text: string
}

export interface DecideReview {
  publicId: string
  /** Taken down for that; null = left, and shown. */
  because: string | null
}

/** A review with what was said against it, for an admin. */
export interface ReportedReview extends ReviewRow {
  productSlug: string
  productTitle: string
  productPublicId: string
  author: string | null
  authorPublicId: string | null
  /** Those that wait for a decision. */
  reports: { reason: string; createdMs: number }[]
}
