// An admin's acts on credits by API: those of the admin pages, under the names of seeds 001 and 004.
import { Type as t } from "@sinclair/typebox"
import { AppError, creditsDecimal, type Nano, nano, randomSecret, sha256Hex } from "../../../app/index.ts"
import type { AskedOnce } from "../../../gateway/index.ts"
import type { Metering } from "../../../metering/index.ts"
import { AI_SCOPES } from "../../../oauth/index.ts"
import type { PageRequest, Program } from "../../base/index.ts"
import { OF_CHARGED_BY_APP, type OfAppDeps, reporterOfApp } from "./of-app.ts"
import { type ManageRoute, route } from "./route.ts"
import { AmountIn, amountIn, EXAMPLE_USER, maybe, mismatch, Reason, UserRef } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface CreditActsDeps extends OfAppDeps {
  metering: Pick<Metering, "take">
  /** The forms of the admin pages, by path. */
  programs: ReadonlyMap<string, Program<PageRequest>>
}

const Act = t.Object(
  {
    message: t.String(),
    already: t.Boolean({ description: "It had been done before under the same key" }),
    transaction_id: maybe(t.String()),
    replicated: t.Optional(
      t.Boolean({ description: "Whether the replica has it, where there is one; false: this machine alone, for now" }),
    ),
  },
  { description: "What was done" },
)

const KIND = (description: string) =>
  t.Union(
    AI_SCOPES.map((one) => t.Literal(one)),
    { description },
  )

const GIVE = {
  user: UserRef,
  amount: AmountIn,
  days: t.Optional(
    maybe(t.Integer({ minimum: 1, maximum: 3_650, description: "Days until they expire; null: never" })),
  ),
  only: t.Optional(KIND("The one kind of use they pay for")),
  reason: Reason,
}
const CLOSED = { additionalProperties: false }

const SHARED = {
  method: "post",
  tag: "Credits",
  admin: "admin:credits",
  answer: Act,
  errors: ["not_found", "conflict"],
} as const
const WALLET = "/admin/users/:user/wallet"

export const creditActRoutes = (deps: CreditActsDeps): ManageRoute[] => [
  allocateRoute(deps),
  deductRoute(deps),
  refundRoute(deps),
  setRoute(deps),
]

function allocateRoute(deps: CreditActsDeps): ManageRoute {
  return route({
    ...SHARED,
    paths: ["/api/v1/credits/allocate", "/api/ai-api/admin/credits/bonus"],
    operationId: "allocateCredits",
    summary: "Give credits",
    description: "A bonus: promo credits that expire after 90 days unless `days` says otherwise.",
    once: "optional",
    body: t.Object(GIVE, CLOSED),
    example: { user: EXAMPLE_USER, amount: "500", days: 30, reason: "A sorry for Monday" },
    act({ manager, body, once, request }) {
      const { user, days, only, reason } = body
      const more = { ...(days === undefined ? {} : { days: days ?? "" }), ...(only === undefined ? {} : { only }) }
      return perform(
        deps,
        `${WALLET}/bonus`,
        { manager, once, request, user },
        { ...more, reason, amount: sum(body.amount) },
      )
    },
  })
}

function deductRoute(deps: CreditActsDeps): ManageRoute {
  return route({
    ...SHARED,
    byApp: "credits",
    errors: [...SHARED.errors, "insufficient_credits", "credits_on_hold", "rate_limit_exceeded", ...OF_CHARGED_BY_APP],
    paths: ["/api/v1/credits/deduct"],
    operationId: "deductCredits",
    summary: "Take credits",
    description:
      "An admin’s: those that would be spent first go first; what calls in progress hold stays. By a secret key of an app with `credits`: a charge to whoever let the app in, which `scope` names the kind of, within what they let it spend in a day.",
    once: "required",
    body: t.Object(
      { user: UserRef, amount: AmountIn, reason: Reason, scope: t.Optional(KIND("The kind of use; of an app alone")) },
      CLOSED,
    ),
    example: { user: EXAMPLE_USER, amount: { credits: "2.5" }, reason: "Used elsewhere" },
    async actOfApp(asked) {
      const { amount, reason, scope } = asked.body
      if (scope === undefined) throw wrong("scope", "Name the kind of use that this is, such as `llm`.")
      const amountNano = nano(amountIn(amount) ?? 0)
      return deps.metering.take({ ...reporterOfApp(deps, asked, "credits"), amountNano, scope, reason })
    },
    act({ manager, body, once, request }) {
      if (body.scope !== undefined) throw wrong("scope", "Only an app says it. Leave it out.")
      const sent = { reason: body.reason, amount: `-${sum(body.amount)}` }
      return perform(deps, `${WALLET}/adjustment`, { manager, once, request, user: body.user }, sent)
    },
  })
}

function refundRoute(deps: CreditActsDeps): ManageRoute {
  return route({
    ...SHARED,
    paths: ["/api/v1/credits/refund"],
    operationId: "refundCharge",
    summary: "Refund a charge",
    description: "The whole of it, or a part; to the lots that paid, those first that paid last.",
    once: "optional",
    body: t.Object(
      {
        user: UserRef,
        transaction: t.String({ minLength: 1, maxLength: 64, description: "The charge, `txn_…`" }),
        amount: t.Optional(AmountIn),
        reason: Reason,
      },
      CLOSED,
    ),
    example: { user: EXAMPLE_USER, transaction: "txn_01K9ZT4M2Q8V6X3B7N5RJDHWCE", reason: "The answer was cut off" },
    act({ manager, body, once, request }) {
      const { user, transaction, reason } = body
      const sent = { reason, ...(body.amount === undefined ? {} : { amount: sum(body.amount) }) }
      const path = `${WALLET}/transactions/:transaction/refund`
      return perform(deps, path, { manager, once, request, user, transaction }, sent)
    },
  })
}

function setRoute(deps: CreditActsDeps): ManageRoute {
  return route({
    ...SHARED,
    paths: ["/api/ai-api/admin/credits/set"],
    operationId: "setBalance",
    summary: "Set the balance of a person",
    description: "Posts the difference. Refused below what calls in progress hold.",
    once: "optional",
    body: t.Object({ user: UserRef, amount: AmountIn, reason: Reason }, CLOSED),
    example: { user: EXAMPLE_USER, amount: "1000", reason: "Moved from the old system" },
    act({ manager, body, once, request }) {
      const sent = { reason: body.reason, amount: sum(body.amount) }
      return perform(deps, `${WALLET}/balance`, { manager, once, request, user: body.user }, sent)
    },
  })
}

/** @throws AppError validation_failed */
function sum(sent: Parameters<typeof amountIn>[0]): string {
  const read: Nano | null = amountIn(sent)
  if (read !== null) return creditsDecimal(nano(read))
  throw wrong("amount", "Give an amount above 0, as text.")
}

const wrong = (param: string, words: string): AppError =>
  new AppError("validation_failed", words, { param, fields: { errors: { [param]: words } } })

interface Actor {
  manager: Manager
  once: AskedOnce | null
  request: Request
  user: string
  transaction?: string
}

/** The act of the admin's page, under the key of whoever asks: the books know it for good, so that no repeat is a second act. */
async function perform(
  { programs }: CreditActsDeps,
  path: string,
  { manager, once, user, transaction }: Actor,
  body: Record<string, unknown>,
): Promise<Response> {
  const { page } = manager
  const key = once ? sha256Hex(`${page.session.publicId} ${once.key}`).slice(0, 48) : randomSecret(18)
  const params = transaction === undefined ? { user } : { user, transaction }
  let answer: Response
  try {
    answer = await programs.get(path)!(page, params, { ...body, key })
  } catch (error) {
    throw once && error instanceof AppError && isOtherAct(error, key) ? mismatch() : error
  }
  const told = (await answer.clone().json()) as { already?: boolean }
  if (once && told.already === true) answer.headers.set("idempotent-replayed", "true")
  return answer
}

/** The ledger names the key that it refused. */
const isOtherAct = ({ code, detail }: AppError, key: string): boolean =>
  code === "conflict" && typeof detail === "string" && detail.endsWith(key)
