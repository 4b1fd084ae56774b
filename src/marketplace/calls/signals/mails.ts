// The mail of a sign of abuse, to the owner of the key and to the operator. No text of a stranger stands in it.
import type { Letter } from "../../../part/index.ts"
import type { SignalRule } from "../tables.ts"

export interface SignalData {
  rule: SignalRule
  /** `api_live_Ab12`; null = all keys of a subscription. */
  prefix: string | null
  seen: number
  usual: number
  isOperator: boolean
}

const WHAT: Partial<Record<string, (data: SignalData) => string>> = {
  networks: ({ seen, usual }) => `It was used from ${seen} networks within an hour; more than ${usual} are unusual.`,
  refusals: ({ seen }) => `${seen} of its calls were refused within a minute.`,
  surge: ({ seen, usual }) =>
    `There were ${seen.toLocaleString("en")} calls today; ${usual.toLocaleString("en")} are usual at most.`,
  url: ({ seen }) =>
    `It stood in the address of ${seen} calls. Addresses end up in logs and histories, where others read them.`,
}

export const keySignal: Letter<SignalData> = {
  kind: "product_key_signal",
  subject: (_, { productName }) => `Unusual use of an API key on ${productName}`,
  body: (data, { baseUrl }) => [
    data.prefix === null
      ? "The keys of a subscription to an API are used in an unusual way."
      : { text: "A key for an API is used in an unusual way. It begins with", code: data.prefix },
    WHAT[data.rule]?.(data) ?? "Its calls are unlike those before.",
    "Nothing was blocked.",
    data.isOperator
      ? { text: "See it with the products:", link: `${baseUrl}/admin/products` }
      : { text: "If this is not you, rotate or revoke the key:", link: `${baseUrl}/subscriptions` },
  ],
  sample: { rule: "networks", prefix: "api_live_Ab12", seen: 40, usual: 25, isOperator: false },
  others: [
    { rule: "refusals", prefix: "api_live_Ab12", seen: 300, usual: 0, isOperator: true },
    { rule: "surge", prefix: null, seen: 48_000, usual: 2_000, isOperator: false },
    { rule: "url", prefix: "api_live_Ab12", seen: 12, usual: 0, isOperator: false },
  ],
}
