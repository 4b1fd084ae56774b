// Which right a route of the portal needs while somebody acts as a team, by right and pattern. What is not in it is refused.
import type { Right } from "../../teams/index.ts"
import type { Method } from "./acting.ts"
import { PUBLISHER_DONE, PUBLISHER_FORMS, PUBLISHER_READ } from "./seats-publisher.ts"

const APP = "/developer/apps/:app"
const HOOK = `${APP}/webhooks/:apphook`
const LISTING = `${APP}/listing`
const SHOT = `${LISTING}/shots/:shot`
const OFFER = "/developer/transfers/:transfer"
const P = "/developer/payouts"

/** Read and changed by the same people: a page with its form. */
const FORMS: Partial<Record<Right, readonly string[]>> = {
  money: [
    P,
    ...["bank", "us-bank", "paypal", "code", "removal", "stripe"].map((kind) => `${P}/method/${kind}`),
    `${P}/documents`,
    `${P}/documents/:paydoc/removal`,
    `${P}/tax-number`,
    `${P}/tax-number/removal`,
    `${P}/:payout/withdrawal`,
  ],
  spend: [`${APP}/pool`],
  build: [
    `${APP}/cache`,
    `${APP}/deletion`,
    `${APP}/domain`,
    `${APP}/keys`,
    `${APP}/keys/:appkey/revocation`,
    LISTING,
    `${LISTING}/removal`,
    `${SHOT}/removal`,
    `${APP}/review`,
    `${APP}/secrets/:secret/revocation`,
    `${APP}/transfer`,
    `${APP}/users/:appuser/revocation`,
    `${APP}/webhooks`,
    HOOK,
    `${HOOK}/removal`,
    OFFER,
    `${OFFER}/refusal`,
  ],
}

const READ: Partial<Record<Right, readonly string[]>> = {
  money: [
    `${P}/method`,
    `${P}/documents/:paydoc/file`,
    `${P}/statements`,
    `${P}/statements/:period`,
    `${P}/statements/:period/pdf`,
    `${P}/:payout`,
  ],
  see: [
    "/developer",
    "/developer/analytics",
    "/developer/analytics/export",
    "/developer/apps",
    APP,
    `${APP}/first-call`,
    `${APP}/first-call/events`,
    `${APP}/health`,
    `${APP}/health/export`,
    `${APP}/requests`,
    `${APP}/requests/:appcall`,
    "/developer/settings",
    "/developer/webhooks/events",
  ],
  build: [
    "/developer/apps/new",
    "/developer/apps/redirect-uris",
    `${APP}/redirect-uris`,
    `${LISTING}/preview`,
    `${APP}/users`,
    `${HOOK}/deliveries/:appdelivery`,
  ],
}

const DONE: Partial<Record<Right, readonly string[]>> = {
  spend: [`${APP}/pool/funding`, `${APP}/pool/return`],
  money: [`${P}/schedule`, `${P}/test`],
  build: [
    "/developer/agreement",
    "/developer/apps",
    APP,
    `${APP}/icon`,
    `${APP}/icon/removal`,
    `${LISTING}/review`,
    `${LISTING}/shots`,
    `${SHOT}/first`,
    `${LISTING}/withdrawal`,
    `${APP}/restoration`,
    `${APP}/review/withdrawal`,
    `${APP}/secrets`,
    `${APP}/test-call`,
    `${APP}/test-credits`,
    `${APP}/test-token`,
    `${APP}/test-token/revocation`,
    `${APP}/transfer/revocation`,
    ...["activation", "deactivation", "deliveries/:appdelivery/resend", "recovery", "secret", "test"].map(
      (act) => `${HOOK}/${act}`,
    ),
    "/developer/settings",
  ],
}

const rowsOf = (methods: readonly Method[], rights: Partial<Record<Right, readonly string[]>>) =>
  Object.entries(rights).flatMap(([right, paths]) =>
    paths.flatMap((path) => methods.map((method): [string, Right] => [`${method} ${path}`, right as Right])),
  )

/** Method and pattern → what a role needs. */
export const PORTAL_SEATS: readonly (readonly [string, Right])[] = [
  ...rowsOf(["GET", "POST"], FORMS),
  ...rowsOf(["GET"], READ),
  ...rowsOf(["POST"], DONE),
  ...rowsOf(["GET"], PUBLISHER_READ),
  ...rowsOf(["GET", "POST"], { build: PUBLISHER_FORMS }),
  ...rowsOf(["POST"], { build: PUBLISHER_DONE }),
]
