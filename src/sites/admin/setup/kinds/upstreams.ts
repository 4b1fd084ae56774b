// Accounts at providers, by their name. Their keys stand in the environment of whoever applies the file, never in it.
import { AppError } from "../../../../app/index.ts"
import { type Gateway, MAX_TOKENS_FIELDS, type Upstream } from "../../../../gateway/index.ts"
import { type FieldDef, field, form } from "../../../../http/index.ts"
import type { Tx } from "../../../../store/index.ts"
import { ACCOUNT_FORM, ROUTING_FORM } from "../../upstream-forms.ts"
import type { Kind, Secrets, SetupDeps, Values } from "../types.ts"

/** Under which an export asks for the key of an account. */
export const keyName = (upstream: string): string => `${upstream.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`

function keyField(secrets: Secrets): FieldDef<string | null> {
  const { readFile: _, ...text } = field.secret({ label: "API key", optional: true })
  return {
    ...text,
    read([name = ""]) {
      if (name === "") return { value: null }
      const key = Object.hasOwn(secrets, name) ? secrets[name]! : ""
      return key === ""
        ? { error: `The environment has no ${name}. Set it, or leave “key” out: a key that is there stays.` }
        : { value: key }
    },
    typedOf(json) {
      if (json === null) return [""]
      const { env, ...rest } = (typeof json === "object" ? json : {}) as { env?: unknown }
      return typeof env === "string" && Object.keys(rest).length === 0 ? [env] : null
    },
  }
}

const formWith = (secrets: Secrets, kinds: readonly { kind: string; label: string }[]) =>
  form(
    {
      kind: field.choice({ label: "Kind", options: kinds.map(({ kind, label }) => ({ value: kind, label })) }),
      baseUrl: ACCOUNT_FORM.fields.baseUrl,
      key: keyField(secrets),
      priceProvider: { ...ACCOUNT_FORM.fields.priceProvider, name: "price_list" },
      models: field.lines({ label: "Models", optional: true }),
      enabled: field.box({ label: "On" }),
      draining: field.box({ label: "No new calls" }),
      ...ROUTING_FORM.fields,
      maxTokensField: ACCOUNT_FORM.fields.maxTokensField,
      extraFields: ACCOUNT_FORM.fields.extraFields,
    },
    { submit: "Save" },
  )

const FRESH: Values = {
  kind: "openai-compatible",
  baseUrl: "",
  key: null,
  priceProvider: "",
  models: [],
  enabled: true,
  draining: false,
  priority: 0,
  weight: 1,
  requestsPerMinute: null,
  tokensPerMinute: null,
  maxTokensField: "",
  extraFields: [],
}

const presentOf = ({ routing, maxTokensField, extraFields, ...one }: Upstream): Values => ({
  ...one,
  ...routing,
  draining: routing.isDraining,
  key: null,
  maxTokensField: maxTokensField ?? "",
  extraFields: [...extraFields].toSorted(),
})

export function upstreamsKind({ gateway }: Pick<SetupDeps, "gateway">, secrets: Secrets): Kind {
  const all = () => gateway.upstreams()
  const FORM = formWith(secrets, gateway.upstreamKinds())
  return {
    name: "upstreams",
    shape: "fields",
    present: () => new Map(all().map((one) => [one.name, presentOf(one)])),
    formOf: () => FORM,
    fresh: FRESH,
    saveIn(tx, name, values, before) {
      if (before && before.kind !== values.kind)
        throw new AppError("conflict", "The kind of an account stays. Add another one, and turn this one off.")
      const made = before ? null : addedIn(gateway, tx, name, values)
      const was: Values = before ?? { ...presentOf(made!), key: values.key }
      // What nobody said of a new account is what its kind has.
      const asked = (key: string) => (made && values[key].length === 0 ? was[key] : values[key])
      const wanted = {
        ...values,
        extraFields: asked("extraFields"),
        baseUrl: asked("baseUrl"),
        priceProvider: asked("priceProvider"),
        models: asked("models"),
        maxTokensField: asked("maxTokensField"),
      }
      changedIn(gateway, tx, was.publicId, wanted, was)
    },
    isNewSecret(name, key) {
      const known = all().find((one) => one.name === name)
      return !known || !gateway.holdsKey(known.publicId, key)
    },
  }
}

const addedIn = (gateway: Gateway, tx: Tx, name: string, values: Values): Upstream =>
  gateway.addUpstreamIn(tx, {
    kind: values.kind,
    name,
    baseUrl: values.baseUrl,
    apiKey: values.key,
    priceProvider: values.priceProvider,
    models: values.models,
  })

/** Asks each verb only where something of it differs: an account without an address has none to change. */
function changedIn(gateway: Gateway, tx: Tx, id: string, wanted: Values, was: Values): void {
  const differs = (...keys: string[]) => keys.some((key) => JSON.stringify(wanted[key]) !== JSON.stringify(was[key]))
  const { key, baseUrl, priceProvider, extraFields } = wanted
  if ((key !== null && key !== was.key) || differs("baseUrl", "priceProvider", "extraFields", "maxTokensField")) {
    const maxTokensField = MAX_TOKENS_FIELDS.find((one) => one === wanted.maxTokensField) ?? null
    gateway.editUpstreamIn(tx, id, { apiKey: key, baseUrl, priceProvider, maxTokensField, extraFields })
  }
  if (differs("models")) gateway.setUpstreamModelsIn(tx, id, wanted.models)
  if (differs("priority", "weight", "requestsPerMinute", "tokensPerMinute", "draining")) {
    const { priority, weight, requestsPerMinute, tokensPerMinute, draining } = wanted
    gateway.setRoutingIn(tx, id, { priority, weight, requestsPerMinute, tokensPerMinute, isDraining: draining })
  }
  if (differs("enabled")) gateway.enableUpstreamIn(tx, id, wanted.enabled)
}
