// /credits/cards: saved cards and auto-recharge; the ways to the page that saves one, and back.
import { CardRemovalPage, type CardRow, CardsPage, SaveCardPage } from "../../../views/console/credits/cards.tsx"
import type { RechargeProps } from "../../../views/console/credits/recharge.tsx"
import { type Clock, credits, ensure, nano, randomSecret } from "../../app/index.ts"
import { type Billing, type Card, cardName, expiresSoon, isExpired, type RechargeTerms } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "clock" | "web">

const PATH = "/credits/cards"
const TERMS = form(
  {
    belowNano: field.credits({
      name: "below",
      label: "When I have less than",
      help: "1,000 credits are $1.",
      required: true,
      positive: true,
    }),
    amountNano: field.dollars({ name: "amount", label: "Charge the card", required: true, positive: true }),
    monthNano: field.dollars({
      name: "month",
      label: "At most in a month",
      help: "A calendar month, UTC. Nothing is charged that would go above it.",
      required: true,
      positive: true,
    }),
  },
  { submit: "Turn on auto-recharge" },
)
/** What stands in the fields of somebody who never had it. */
const FIRST: RechargeTerms = {
  belowNano: credits(2_000),
  amountNano: nano(10_000_000_000),
  monthNano: nano(50_000_000_000),
}

export function cardsRoutes(site: ConsoleSite, deps: Deps): void {
  ruleRoutes(site, deps)
  savingRoutes(site, deps)
}

function ruleRoutes(site: ConsoleSite, deps: Deps): void {
  const { billing } = deps
  const { recharges } = billing
  site.form(PATH, {
    form: TERMS,
    load(page): { was: RechargeTerms; isOn: boolean } {
      const { rule } = recharges.of(page.holder.id)
      return { was: rule ?? FIRST, isOn: rule?.active === true }
    },
    present: ({ was }) => was,
    // More than is charged by itself now.
    fresh: (terms, { was, isOn }) =>
      !isOn || terms.belowNano > was.belowNano || terms.amountNano > was.amountNano || terms.monthNano > was.monthNano,
    async act(page, terms) {
      await recharges.turnOn(page.ctx("turned auto-recharge on"), page.holder.id, terms)
      return { to: PATH, say: "Auto-recharge is on." }
    },
    show(page, view, _, status) {
      const { cards, rule } = recharges.of(page.holder.id)
      const isOn = rule?.active === true
      const props = {
        cards: cards.map((card) => rowOf(card, deps.clock.now())),
        recharge: rechargeOf(deps, page),
        formKey: randomSecret(18),
        form: cards.length === 0 ? null : isOn ? { ...view, submit: "Save" } : view,
        isTest: billing.isOn && billing.isTest,
      }
      return page.render((frame) => CardsPage({ frame, ...props }), status)
    },
  })
  site.post(`${PATH}/off`, {
    form: button("Turn off auto-recharge"),
    async act(page) {
      await recharges.turnOff(page.ctx("turned auto-recharge off"), page.holder.id)
      return { to: PATH, say: "Auto-recharge is off. Nothing more is charged." }
    },
    back: () => PATH,
  })
}

function savingRoutes(site: ConsoleSite, { billing, web }: Deps): void {
  const { recharges } = billing
  site.post(`${PATH}/new`, {
    form: form({ key: field.formKey() }, { submit: "Save a card" }),
    async act(page, { key }) {
      const location = await recharges.beginCard(page.ctx("began to save a card"), buyerOf(page), key)
      return page.render((frame) => SaveCardPage({ frame, location, host: new URL(location).host }))
    },
    back: () => PATH,
  })
  site.get(`${PATH}/saved`, async (page) => {
    const { request, holder } = page
    const sessionId = new URL(request.url).searchParams.get("page") ?? ""
    const isPage = /^cs_[A-Za-z0-9_]{1,200}$/.test(sessionId)
    const card = isPage ? await recharges.saveCard(page.ctx("saved a card"), holder.id, sessionId) : null
    const flash = card
      ? ({ kind: "ok", text: `Your ${cardName(card)} is saved.` } as const)
      : ({ kind: "info", text: "No card was saved yet. If you saved one, it is here within a minute." } as const)
    return web.back(request, PATH, flash)
  })
  site.form(`${PATH}/:card/removal`, {
    load(page, { card: publicId }: { card: string }) {
      const card = recharges.card(page.holder.id, publicId)
      ensure(card, "not_found", "There is no such card. It may be removed.")
      return card
    },
    form: button("Remove", true),
    async act(page, _, card) {
      const { turnedOff } = await recharges.removeCard(page.ctx("removed a card"), page.holder.id, card.publicId)
      const gone = `${cardName(card)} is removed.`
      return { to: PATH, say: turnedOff ? `${gone} It was the last one: auto-recharge is off.` : gone }
    },
    show(page, view, card, status) {
      const { cards, rule } = recharges.of(page.holder.id)
      const props = { name: cardName(card), endsRecharge: rule?.active === true && cards.length === 1, form: view }
      return page.render((frame) => CardRemovalPage({ frame, ...props }), status)
    },
  })
}

/** Whose the order is, with the address of the one who presses. */
export const buyerOf = ({ holder, user }: PageRequest) => ({ ...holder, email: user.email })

function rowOf(card: Card, now: number): CardRow {
  const { publicId, last4, expMonth, expYear } = card
  const state = isExpired(card, now) ? "over" : expiresSoon(card, now) ? "soon" : "ok"
  return {
    id: publicId,
    name: cardName(card),
    last4,
    expires: `${String(expMonth).padStart(2, "0")}/${expYear}`,
    state,
  }
}

/** What the section of /credits shows; the page of cards shows the same. */
export function rechargeOf({ billing, clock }: { billing: Billing; clock: Clock }, page: PageRequest): RechargeProps {
  const { rule, isHeld, cards, addsTax, monthUsedNano, open } = billing.recharges.of(page.holder.id)
  const [card] = cards
  const now = clock.now()
  return {
    state: rule === null ? "none" : !rule.active ? "off" : rule.paused || isHeld ? "paused" : "on",
    ofTeam: page.isTeam,
    offWhy: rule?.offWhy ?? null,
    terms: rule && { below: rule.belowNano, amount: rule.amountNano, month: rule.monthNano },
    card: card ? cardName(card) : null,
    cardExpires: card === undefined ? null : isExpired(card, now) ? "over" : expiresSoon(card, now) ? "soon" : null,
    addsTax,
    used: monthUsedNano,
    isCapped: rule !== null && monthUsedNano + rule.amountNano > rule.monthNano,
    asksOrderId: open?.trouble === "authentication" ? open.publicId : null,
  }
}

/** Nothing where nothing can be bought and none was ever set up. */
export function rechargeSectionOf(deps: Pick<Deps, "billing" | "clock">, page: PageRequest): RechargeProps | undefined {
  const props = rechargeOf(deps, page)
  return deps.billing.isOn || props.state === "on" ? props : undefined
}
