// Subscribing to a plan: the question with what it costs, then the first key, shown once.
import { MarketSubscribePage, marketKeyPath, marketPath } from "../../../../views/console/market/index.ts"
import { priceText } from "../../../../views/console/market/words.ts"
import { ensure, randomSecret } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import { may } from "../../../teams/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { payingContext } from "../subscriptions/paying.ts"
import { planShown } from "./plans-shown.ts"
import { seenOf } from "./seen.ts"
import type { MarketDeps } from "./site.ts"

const SUBSCRIBE = form(
  {
    plan: field.hidden({ label: "Plan" }),
    terms: field.hidden({ label: "Terms that were shown" }),
    key: field.formKey(),
  },
  { submit: "Subscribe" },
)

export function subscribeRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { marketplace } = deps
  site.form("/marketplace/:api/subscribe", {
    load(page, { api }, sent) {
      const seen = seenOf(deps, { ...page, person: page }, api)
      const plan = seen.plans.find(({ publicId, retiredMs }) => publicId === sent("plan") && retiredMs === null)
      ensure(plan, "not_found", "There is no such plan. Choose one of those that are offered.")
      return { seen, plan, page }
    },
    form: SUBSCRIBE,
    // It makes a key.
    fresh: true,
    present: ({ plan }) => ({ plan: plan.publicId, terms: String(plan.terms.id), key: randomSecret(18) }),
    async act(page, { key, terms }, { seen, plan }) {
      const { slug } = seen.product
      if (seen.mine)
        return { to: marketPath(slug), say: "You are subscribed to this API already.", tone: "info" as const }
      const seenTermsId = /^\d{1,15}$/.test(terms) ? Number(terms) : plan.terms.id
      const input = { userId: page.holder.id, makerId: makerOf(page), planId: plan.id, key, seenTermsId }
      const ctx = payingContext(deps, page, "subscribed to an API", plan)
      const made = await marketplace.subscriptions.subscribe(ctx, input)
      if (made.key === null)
        return { to: marketPath(slug, input.makerId === null ? "billing" : "keys"), say: saidOf(page, plan.name) }
      return { to: marketKeyPath(slug, made.key.publicId), secret: made.key.secret }
    },
    show(page, view, { seen, plan }, { status }) {
      const quote = marketplace.subscriptions.quoteSubscribe({ userId: page.holder.id, planId: plan.id })
      const submit = quote.nowNano === 0 ? `Subscribe to ${plan.name}` : `Subscribe and pay ${priceText(quote.nowNano)}`
      const props = {
        product: seen.head,
        plan: { ...planShown(seen, plan), trialDays: quote.kind === "trial" ? plan.terms.trialDays : 0 },
        balance: quote.haveNano,
        short: quote.nowNano > quote.haveNano,
        recharge: { buys: quote.rechargeNano, reaches: quote.haveNano + quote.rechargeNano >= quote.nowNano },
        form: { ...view, submit },
      }
      return page.render((frame) => MarketSubscribePage({ frame, ...props }), { status })
    },
  })
}

/** Who has the first key: for a team, somebody who may spend its credits. */
const makerOf = ({ session, isTeam, acts }: PageRequest) =>
  isTeam && !(acts && may(acts.role, "spend")) ? null : session.userId

const saidOf = ({ isTeam, acts }: PageRequest, plan: string): string =>
  isTeam ? `${acts!.team.name} is on ${plan}. Its owner and admins make the keys.` : `You are on ${plan}.`

/** Mails about changes, on and off. */
const MAILS = form(
  {
    mails: field.choice({
      label: "Mails",
      options: [
        { value: "yes", label: "Yes" },
        { value: "no", label: "No" },
      ],
    }),
  },
  { submit: "Save" },
)

export function followRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { store, marketplace } = deps
  const back = ({ slug }: { slug: string; productId: number }) => marketPath(slug, "changelog")
  site.post("/marketplace/:api/changelog", {
    load(page: PageRequest, { api }: { api: string }) {
      const { product, mine } = seenOf(deps, { ...page, person: page }, api)
      ensure(mine, "not_found", "You are not subscribed to this API.")
      return { slug: product.slug, productId: product.id }
    },
    form: MAILS,
    async act(page, { mails }, { slug, productId }) {
      const input = { userId: page.session.userId, productId, on: mails === "yes" }
      await store.write(page.ctx("chose mails about an API"), (tx) => marketplace.catalog.setFollowIn(tx, input))
      return {
        to: marketPath(slug, "changelog"),
        say: input.on ? "You get a mail with each change." : "No more mails about changes.",
      }
    },
    back,
  })
}
