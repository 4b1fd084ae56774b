// Which right a page of publishers needs while somebody acts as a team that sells APIs. Everybody in it reads what its APIs are and how they are
// called; money is for who handles it; who the consumers are, and every change, for who builds.
import type { Right } from "../../teams/index.ts"

const P = "/publisher/products/:product"
const E = `${P}/endpoints/:endpoint`
const GUIDE = `${P}/docs/:guide`
const CHANGE = `${P}/changelog/:change`
const QUESTION = `${P}/support/:question`
const CONSUMER = `${P}/consumers/:consumer`
const PLAN = `${P}/plans/:productplan`
const SERVER = "/publisher/settings/servers/:server"

export const PUBLISHER_READ: Partial<Record<Right, readonly string[]>> = {
  see: [
    "/publisher",
    "/publisher/products",
    P,
    `${P}/openapi.json`,
    `${P}/endpoints`,
    `${P}/plans`,
    `${P}/calls`,
    `${P}/docs`,
    `${P}/changelog`,
    `${P}/support`,
    `${P}/reviews`,
  ],
  money: ["/publisher/revenue", "/publisher/revenue.csv", "/publisher/hosting"],
  build: ["/publisher/products/new", `${P}/endpoints/new`, `${P}/docs/new`, `${P}/consumers`, CONSUMER],
}

/** Pages with their form. */
export const PUBLISHER_FORMS: readonly string[] = [
  "/publisher/settings",
  SERVER,
  `${P}/removal`,
  `${P}/signing-key`,
  `${P}/import`,
  E,
  `${E}/removal`,
  GUIDE,
  CHANGE,
  QUESTION,
  `${P}/plans/new`,
  PLAN,
  `${CONSUMER}/block`,
  `${CONSUMER}/end`,
  `${CONSUMER}/payments/:bill/refund`,
]

export const PUBLISHER_DONE: readonly string[] = [
  "/publisher/registration",
  "/publisher/products",
  "/publisher/products/import",
  ...["servers", "logo", "logo/removal"].map((part) => `/publisher/settings/${part}`),
  `${SERVER}/removal`,
  P,
  `${P}/publication`,
  `${P}/withdrawal`,
  `${P}/import/application`,
  `${P}/import/removal`,
  `${P}/endpoints`,
  `${P}/endpoints/order`,
  ...["answers", "answers/removal", "parameters", "parameters/removal"].map((part) => `${E}/${part}`),
  `${P}/docs`,
  `${P}/guides`,
  `${GUIDE}/removal`,
  `${P}/changelog`,
  `${CHANGE}/removal`,
  ...["contacts", "contacts/removal", "questions"].map((part) => `${P}/support/${part}`),
  `${QUESTION}/removal`,
  `${P}/reviews/answers`,
  `${P}/signs/closing`,
  `${PLAN}/closing`,
  `${PLAN}/opening`,
  ...["plan", "quota", "unblock"].map((act) => `${CONSUMER}/${act}`),
]
