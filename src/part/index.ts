// The door of `part`: everything a domain may contribute to the house, and how contributions are merged.
export * from "./keeping.ts"
export * from "./letter.ts"
export * from "./lifecycle.ts"
export * from "./merge.ts"
export type { Labels, Metric, NotReady, Sample } from "./metric.ts"
export * from "./part.ts"
export * from "./personal.ts"
export * from "./reviews.ts"
export * from "./sealed.ts"
export {
  type AuditFacts,
  creditsOf,
  type Named,
  type Said,
  type Sentence,
  type Sentences,
  said,
  TOPICS,
  type Topic,
} from "./sentence.ts"
export * from "./setting.ts"
