// Free calls of an app: what its developer pays for each of its users, and the credits that it is paid from.
import { AppPoolPage, type AppPoolProps } from "../../../views/portal/app-pool.tsx"
import { creditsText } from "../../../views/ui/format.ts"
import { randomSecret } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import { type PageRequest, requireUnlimitedIn } from "../base/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const TERMS = form(
  {
    capNano: field.credits({
      name: "cap",
      label: "For each person at most",
      positive: true,
      required: true,
      help: "In all, not a day. Once it is used, their own credits pay.",
    }),
    isOn: field.box({ name: "on", label: "Pay for calls of my users" }),
  },
  { submit: "Save" },
)
const FUND = form(
  {
    amountNano: field.credits({ name: "amount", label: "Credits to put in", positive: true, required: true }),
    key: field.formKey(),
  },
  { submit: "Put in" },
)
const TAKE_BACK = form(
  {
    amountNano: field.credits({ name: "amount", label: "Credits to take back", positive: true, required: true }),
    key: field.formKey(),
  },
  { submit: "Take back" },
)

const poolPath = (client: Client): string => `${pathOf(client)}/pool`

export function appPoolRoutes(site: PortalSite, deps: PortalDeps): void {
  const { sponsors, store } = deps
  const load = (page: PageRequest, { app }: { app: string }) => mine(deps, page, app)
  const refOf = (page: PageRequest, client: Client) => ({
    developerId: page.holder.id,
    clientPublicId: client.publicId,
  })
  const poolOf = (client: Client) => sponsors.poolOf({ developerId: client.ownerId!, clientPublicId: client.publicId })
  const present = (client: Client) => {
    const pool = poolOf(client)
    return pool ? { capNano: pool.capNano, isOn: pool.isOn } : { isOn: true }
  }
  site.form("/developer/apps/:app/pool", {
    load,
    form: TERMS,
    present,
    async act(page, { capNano, isOn }, client) {
      const input = { ...refOf(page, client), capNano, isOn }
      await store.write(page.ctx("changed what an app pays"), (tx) => sponsors.setIn(tx, input))
      const say = isOn
        ? `${client.name} pays the first ${creditsText(capNano)} of each person.`
        : `${client.name} pays for nobody now.`
      return { to: poolPath(client), say }
    },
    show: (page, terms, client, status) =>
      page.render(
        (frame) => AppPoolPage({ frame, ...shown(deps, page, client), forms: { ...moves(client), terms } }),
        status,
      ),
  })
  for (const [path, move, verb, words] of [
    ["funding", FUND, "fundIn", "put credits into a pool"],
    ["return", TAKE_BACK, "takeBackIn", "took credits out of a pool"],
  ] as const)
    site.post(`/developer/apps/:app/pool/${path}`, {
      load,
      form: move,
      fresh: true,
      async act(page, { amountNano, key }, client) {
        const input = { ...refOf(page, client), amountNano, key }
        await store.write(page.ctx(words), (tx) => {
          // What a pool pays counts for nobody's limit.
          if (verb === "fundIn" && client.mode === "live") requireUnlimitedIn(deps, tx, page, "fills its pools")
          sponsors[verb](tx, input)
        })
        const left = creditsText(poolOf(client)!.leftNano)
        return { to: poolPath(client), say: `The pool of ${client.name} has ${left} now.` }
      },
      show: (page, view, client, status) =>
        page.render((frame) => {
          const terms = TERMS.show({ action: poolPath(client), present: present(client) })
          const forms = { ...moves(client), terms, [path === "funding" ? "fund" : "takeBack"]: view }
          return AppPoolPage({ frame, ...shown(deps, page, client), forms })
        }, status),
    })
}

const moves = (client: Client) => ({
  fund: FUND.show({ action: `${poolPath(client)}/funding`, present: { key: randomSecret(18) }, ids: "fund" }),
  takeBack: TAKE_BACK.show({ action: `${poolPath(client)}/return`, present: { key: randomSecret(18) }, ids: "take" }),
})

function shown(
  { sponsors, ledger }: PortalDeps,
  page: PageRequest,
  client: Client,
): Omit<AppPoolProps, "frame" | "forms"> {
  const pool = sponsors.poolOf({ developerId: page.holder.id, clientPublicId: client.publicId })
  return {
    app: { id: client.publicId, name: client.name },
    isTest: client.mode === "test",
    pool: pool && {
      isOn: pool.isOn,
      cap: pool.capNano,
      left: pool.leftNano,
      held: pool.heldNano,
      used: pool.usedNano,
      people: pool.people,
    },
    spendable: ledger.paidSpendableOf(page.owner, "live"),
    owes: ledger.wallet(page.owner, client.mode).debtNano,
  }
}
