// What the marketplace has of a person, put together from its folders.
import type { Personal } from "../part/index.ts"
import { CALLS_PERSONAL } from "./calls/store-personal.ts"
import { CATALOG_PERSONAL } from "./catalog/store-personal.ts"
import { PRODUCT_PLANS_PERSONAL } from "./plans/store-personal.ts"
import { SHOWCASE_PERSONAL } from "./showcase/store-personal.ts"
import { SUBSCRIPTIONS_PERSONAL } from "./subscriptions/store-personal.ts"

const ALL: readonly Personal[] = [
  CATALOG_PERSONAL,
  PRODUCT_PLANS_PERSONAL,
  SUBSCRIPTIONS_PERSONAL,
  CALLS_PERSONAL,
  SHOWCASE_PERSONAL,
]

export const MARKETPLACE_PERSONAL: Personal = {
  tables: Object.assign({}, ...ALL.map(({ tables }) => tables)),
  files: ALL.flatMap(({ files }) => files),
}
