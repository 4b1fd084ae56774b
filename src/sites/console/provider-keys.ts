// /settings/provider-keys: a person's own keys at AI providers. A key is typed once and never shown again; what is changed counts from the
// next call on.
import {
  PROVIDER_KEYS_PATH as PATH,
  ProviderKeyRemovalPage,
  ProviderKeysPage,
  providerKeyName,
} from "../../../views/console/provider-keys.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import type { ProviderKey } from "../../gateway/index.ts"
import { button, field, form } from "../../http/index.ts"
import { type PageRequest, type Status, undoTo } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "gateway" | "plans" | "clock">

const ADD = form(
  {
    provider: field.choice<string>({ label: "Provider", required: true, options: [], byDomain: true }),
    key: field.secret({ label: "Key", required: true, help: "It is sealed, and never shown again." }),
  },
  { submit: "Add key" },
)
const CREDITS = form(
  {
    useCredits: field.box({
      name: "credits",
      label: "Pay with credits where none of my keys answers",
      help: "Such a call is asked at an account of this service, at its usual price.",
    }),
  },
  { submit: "Save choice" },
)
const CREDITS_PATH = `${PATH}/credits`

export function providerKeyRoutes(site: ConsoleSite, deps: Deps): void {
  const { providerKeys } = deps.gateway
  site.form(PATH, {
    form: ADD,
    // Calls of whoever adds one go to its account: that is for its person alone.
    fresh: true,
    adapt: (one) =>
      one.with({ provider: { options: providerKeys.providers.map(({ id, label }) => ({ value: id, label })) } }),
    present: () => ({ provider: providerKeys.providers[0]!.id, key: null }),
    async act(page, { provider, key }) {
      const made = await providerKeys.add(page.ctx("added a key at a provider"), {
        ...ownerOf(page),
        provider,
        key: key ?? "",
      })
      return { to: PATH, say: `Your ${providerKeyName(made)} is added. Test it to see that it works.` }
    },
    show: (page, add, _, status) => listed(deps, page, { add }, status),
  })
  site.post(CREDITS_PATH, {
    form: CREDITS,
    async act(page, { useCredits }) {
      const before = providerKeys.of(page.session.userId).useCredits
      await providerKeys.setUseCredits(page.ctx("chose what pays where own keys fail"), {
        ...ownerOf(page),
        useCredits,
      })
      const say = useCredits
        ? "Credits pay where none of your keys answers."
        : "Calls are refused where none of your keys answers."
      return { to: PATH, say, undo: undoTo(CREDITS_PATH, CREDITS, { useCredits: before }) }
    },
    show: (page, credits, _, status) => listed(deps, page, { credits }, status),
  })
  oneRoutes(site, deps)
}

function oneRoutes(site: ConsoleSite, deps: Deps): void {
  const { providerKeys } = deps.gateway
  const load = (page: PageRequest, { ownkey }: { ownkey: string }): ProviderKey => {
    const found = providerKeys.of(page.session.userId).keys.find(({ publicId }) => publicId === ownkey)
    ensure(found, "not_found", "There is no such key. Your keys are listed under Provider keys.")
    return found
  }
  const refOf = (page: PageRequest, { publicId: keyId }: ProviderKey) => ({ ...ownerOf(page), keyId })
  site.post(`${PATH}/:ownkey/test`, {
    load,
    form: button("Test"),
    async act(page, _, key) {
      const { test } = await providerKeys.test(page.ctx("tested a key at a provider"), refOf(page, key))
      return { to: PATH, say: `${providerKeyName(key)}: ${test?.message ?? ""}` }
    },
    back: () => PATH,
  })
  site.post(`${PATH}/:ownkey/first`, {
    load,
    form: button("Ask first"),
    async act(page, _, key) {
      await providerKeys.putFirst(page.ctx("chose which key is asked first"), refOf(page, key))
      return { to: PATH, say: `Your ${providerKeyName(key)} is asked first.` }
    },
    back: () => PATH,
  })
  site.form(`${PATH}/:ownkey/removal`, {
    load,
    form: button("Delete", true),
    async act(page, _, key) {
      await providerKeys.remove(page.ctx("deleted a key at a provider"), refOf(page, key))
      return { to: PATH, say: `Your ${providerKeyName(key)} is deleted.` }
    },
    show: (page, view, key, status) =>
      page.render((frame) => ProviderKeyRemovalPage({ frame, name: providerKeyName(key), form: view }), status),
  })
}

const ownerOf = ({ session: { userId, publicId } }: PageRequest) => ({ userId, userPublicId: publicId })

/** The page with its forms; `sent` is the one that was refused. */
function listed(
  { gateway: { providerKeys }, plans, clock }: Deps,
  page: PageRequest,
  sent: { add?: FormView; credits?: FormView },
  status?: Status,
): Response {
  const { keys, useCredits, isAllowed } = providerKeys.of(page.session.userId)
  const options = providerKeys.providers.map(({ id, label }) => ({ value: id, label }))
  const props = {
    now: clock.now(),
    keys,
    providers: providerKeys.providers.map(({ label }) => label),
    isAllowed,
    planName: plans.keyTermsOf(page.session.userId).planName,
    forms: {
      add:
        sent.add ??
        ADD.with({ provider: { options } }).show({ action: PATH, present: { provider: options[0]!.value, key: null } }),
      credits: sent.credits ?? CREDITS.show({ action: CREDITS_PATH, present: { useCredits } }),
    },
  }
  return page.render((frame) => ProviderKeysPage({ frame, ...props }), status)
}
