// /settings/models, and the same for one app: which models answer to capabilities, and what that comes to now.
import { type CapabilityRow, ModelsPage } from "../../../views/console/models.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure, nano, type UserId } from "../../app/index.ts"
import { CAPABILITIES, type Capability, COST_TIERS, type Option, type Preference } from "../../gateway/index.ts"
import { field, form } from "../../http/index.ts"
import type { ConsentWithClient } from "../../oauth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "gateway" | "plans" | "oauth">

const NAMES: Readonly<Record<Capability, string>> = {
  fast: "Fast",
  thinking: "Thinking",
  balanced: "Balanced",
  cheap: "Cheap",
  vision: "Seeing pictures",
  code: "Code",
  "long-context": "Long texts",
  embedding: "Embeddings",
  image: "Making pictures",
  video: "Making videos",
  speech: "Speech",
}
const TIERS = { low: "Cheapest first", middle: "The middle", high: "Best first" } as const
const PLACES = ["first", "second", "third"] as const
const ANY = { value: "", label: "No preference" }
const ORDER = "Providers, the favourite first"
const place = (label: string) => field.choice<string>({ label, group: ORDER, options: [ANY], byDomain: true })
const NAMED = "A model for each task"
const named = (capability: Capability) =>
  field.choice<string>({
    name: capability,
    label: NAMES[capability],
    group: NAMED,
    options: [{ value: "", label: "The best fit" }],
    byDomain: true,
  })

const MODELS_FORM = form(
  {
    costTier: field.choice<string>({
      label: "Cost",
      control: "radios",
      options: COST_TIERS.map((value) => ({ value, label: TIERS[value] })),
    }),
    first: place("First"),
    second: place("Second"),
    third: place("Third"),
    fast: named("fast"),
    thinking: named("thinking"),
    balanced: named("balanced"),
    cheap: named("cheap"),
    vision: named("vision"),
    code: named("code"),
    longContext: named("long-context"),
    embedding: named("embedding"),
  },
  { submit: "Save" },
)
/** Keys of the form by capability. */
const KEYS = {
  fast: "fast",
  thinking: "thinking",
  balanced: "balanced",
  cheap: "cheap",
  vision: "vision",
  code: "code",
  "long-context": "longContext",
  embedding: "embedding",
} as const
type Named = keyof typeof KEYS
const NAMEABLE = Object.keys(KEYS) as Named[]

const AS_EVERYWHERE = { value: "same", label: "As everywhere" }
const EVERYWHERE = 0

/** Whose preference a page is about. */
interface Subject {
  userId: UserId
  clientId: number
  /** Null = everywhere. */
  app: { id: string; name: string } | null
  path: string
}

export function modelsRoutes(site: ConsoleSite, deps: Deps): void {
  const add = (
    path: "/settings/models" | "/apps/:consent/models",
    load: (page: PageRequest, params: Record<string, string>) => Subject,
  ) =>
    site.form(path, {
      load,
      form: MODELS_FORM,
      adapt: (_, subject, page) => formFor(deps, page, subject),
      present: (subject) => presentOf(deps, subject),
      act: (page, values, subject) => save(deps, page, values, subject),
      show: (page, shown, subject, status) => view(deps, page, subject, shown, status),
    })
  add("/settings/models", ({ session: { userId } }) => ({
    userId,
    clientId: EVERYWHERE,
    app: null,
    path: "/settings/models",
  }))
  add("/apps/:consent/models", (page, params) => appOf(deps, page, params.consent ?? ""))
}

function appOf({ oauth }: Deps, page: PageRequest, consentId: string): Subject {
  const consent: ConsentWithClient | undefined = oauth
    .consentsOf(page.session.userId)
    .find(({ publicId }) => publicId === consentId)
  ensure(consent, "not_found", "That app has no access to your account. Your apps are listed under Apps.")
  const { clientId, client } = consent
  return {
    userId: page.session.userId,
    clientId,
    app: { id: consentId, name: client.name },
    path: `/apps/${consentId}/models`,
  }
}

const mayName = ({ plans }: Deps, page: PageRequest): boolean => plans.planOf(page.session.userId).overrides

function formFor(deps: Deps, page: PageRequest, { app }: Subject): typeof MODELS_FORM {
  const options = deps.gateway.modelOptions("live")
  const providers = [...new Set(options.map(({ provider }) => provider))].toSorted()
  const places = { options: [ANY, ...providers.map((name) => ({ value: name, label: name }))] }
  const tiers = COST_TIERS.map((value) => ({ value, label: TIERS[value] }))
  const base = {
    costTier: { options: app ? [AS_EVERYWHERE, ...tiers] : tiers },
    first: places,
    second: places,
    third: places,
  }
  const canName = mayName(deps, page)
  const choices = Object.fromEntries(
    NAMEABLE.map((capability) => [KEYS[capability], canName ? { options: modelsFor(options, capability) } : null]),
  )
  return MODELS_FORM.with({ ...base, ...choices }) as typeof MODELS_FORM
}

const modelsFor = (options: readonly Option[], capability: Named) => [
  { value: "", label: "The best fit" },
  ...options
    .filter(({ use }) => (use === "embedding") === (capability === "embedding"))
    .map(({ id }) => ({ value: id, label: id }))
    .toSorted((a, b) => (a.label < b.label ? -1 : 1)),
]

function presentOf({ gateway }: Deps, { userId, clientId, app }: Subject) {
  const said = gateway.preferenceOf(userId, clientId)
  const { costTier, providers, choices } = said ?? { costTier: app ? "same" : "middle", providers: [], choices: {} }
  const places = Object.fromEntries(PLACES.map((key, at) => [key, providers[at] ?? ""]))
  const named = Object.fromEntries(NAMEABLE.map((capability) => [KEYS[capability], choices[capability] ?? ""]))
  return { costTier, ...places, ...named }
}

async function save(
  { gateway }: Deps,
  page: PageRequest,
  values: Record<string, string>,
  { clientId, app, path }: Subject,
) {
  const { userId, publicId } = page.session
  const isSame = values.costTier === AS_EVERYWHERE.value
  const providers = [...new Set(PLACES.map((key) => values[key] ?? "").filter(Boolean))]
  const choices = Object.fromEntries(
    NAMEABLE.map((capability) => [capability, values[KEYS[capability]] ?? ""]).filter(([, model]) => model !== ""),
  )
  const preference = isSame ? null : ({ costTier: values.costTier, providers, choices } as Preference)
  const whose = { userId, userPublicId: publicId, clientId }
  await gateway.setPreference(page.ctx("chose which models answer"), whose, preference)
  const where = app ? ` through ${app.name}` : ""
  const say = isSame
    ? `Models answer${where} as everywhere.`
    : `Your choice of models counts${where} from the next call on.`
  return { to: path, say }
}

function view(deps: Deps, page: PageRequest, subject: Subject, form: FormView, status: Status): Response {
  const { gateway } = deps
  const preference = gateway.preferenceFor(page.session.userId, subject.clientId as never)
  const rows = CAPABILITIES.map((capability): CapabilityRow => {
    const [first, ...next] = gateway.previewOf(capability, preference, "live")
    return {
      capability,
      label: NAMES[capability],
      model: first?.id ?? null,
      next: next.map(({ id }) => id),
      price: first ? nano(first.costPico / 1_000n) : null,
      isNamed: preference.choices[capability] === first?.id,
    }
  })
  const props = { app: subject.app, rows, form, canName: mayName(deps, page) }
  return page.render((frame) => ModelsPage({ frame, ...props }), status)
}
