// What the audit log says of upstreams.
import { type Sentences, said } from "../part/index.ts"

const model = (name: unknown): string => (typeof name === "string" ? name : "another model")

const keyOf = ({ provider }: Readonly<Record<string, unknown>>): string =>
  typeof provider === "string" ? `a key of their own at ${provider}` : "a key of their own at a provider"

export const GATEWAY_SENTENCES: Sentences = {
  "upstream.added": {
    topic: "settings",
    label: "Upstream added",
    say: ({ who, what }) => said`${who} added the upstream ${what}`,
  },
  "upstream.changed": {
    topic: "settings",
    label: "Upstream changed",
    say: ({ who, what, after }) =>
      said`${who} changed the upstream ${what}${after.newKey === true ? " and its key" : ""}`,
  },
  "upstream.tested": {
    topic: "settings",
    label: "Upstream tested",
    say: ({ who, what, after }) =>
      after.ok === true
        ? said`${who} tested ${what}: it answers`
        : said`${who} tested ${what}: it did not answer as it should`,
  },
  "upstream.enabled": {
    topic: "settings",
    label: "Upstream turned on",
    say: ({ who, what }) => said`${who} turned ${what} on`,
  },
  "upstream.disabled": {
    topic: "settings",
    label: "Upstream turned off",
    say: ({ who, what }) => said`${who} turned ${what} off`,
  },
  "upstream.routed": {
    topic: "settings",
    label: "Share of calls changed",
    say: ({ who, what }) => said`${who} changed which calls ${what} gets`,
  },
  "upstream.models_set": {
    topic: "settings",
    label: "Models of an upstream set",
    say: ({ who, what, after }) =>
      typeof after.models === "number"
        ? said`${who} said which ${String(after.models)} models ${what} has`
        : said`${who} said which models ${what} has`,
  },
  "upstream.drained": {
    topic: "settings",
    label: "Upstream drained",
    say: ({ who, what }) => said`${who} let ${what} run out: it gets no new calls`,
  },
  "upstream.undrained": {
    topic: "settings",
    label: "Upstream takes calls again",
    say: ({ who, what }) => said`${who} let ${what} take calls again`,
  },
  "upstream.key-refused": {
    topic: "settings",
    label: "Provider refused the key",
    say: ({ what }) => said`${what} refused its key and gets no calls until it is mended`,
  },
  "upstream.credit-spent": {
    topic: "money",
    label: "Provider account out of credit",
    say: ({ what }) => said`${what} is out of credit at its provider and gets no calls until it is topped up`,
  },
  "upstream.other-model": {
    topic: "money",
    label: "Another model answered",
    say: ({ what, after }) => said`${what} answered with ${model(after.got)} when ${model(after.asked)} was asked`,
  },
  "upstream.unknown-model": {
    topic: "money",
    label: "A model without a price answered",
    say: ({ what, after }) =>
      said`${what} answered with ${model(after.got)}, which has no price, when ${model(after.asked)} was asked`,
  },
  "upstream.over-maximum": {
    topic: "money",
    label: "More was used than allowed",
    say: ({ what, after }) => said`${what} used more of ${model(after.got)} than the call allowed`,
  },
  "cache.set": {
    topic: "settings",
    label: "Cache set",
    say: ({ who, what, after }) =>
      after.seconds === 0
        ? said`${who} turned the cache of ${what} off`
        : said`${who} lets the same calls of ${what} be answered from the cache`,
  },
  "models.preferred": {
    topic: "settings",
    label: "Models preferred",
    say: ({ who }) => said`${who} changed which models answer`,
  },
  "house_model.added": {
    topic: "money",
    label: "House model added",
    say: ({ who, after }) => said`${who} put ${model(after.name)} on sale, answered by ${model(after.model)}`,
  },
  "house_model.changed": {
    topic: "money",
    label: "House model changed",
    say: ({ who, after }) => said`${who} changed the house model ${model(after.name)}`,
  },
  "upstream.odd-cost": {
    topic: "money",
    label: "A cost that cannot be",
    say: ({ what, after }) =>
      said`${what} said it took ${after.got === "nothing" ? "nothing" : "far more than its prices"} for ${model(after.asked)}`,
  },
  "upstream.below-cost": {
    topic: "money",
    label: "Sold below cost",
    say: ({ what, after }) => said`${what} cost more for ${model(after.got)} than ${model(after.asked)} is sold for`,
  },
  "provider_key.added": {
    topic: "access",
    label: "Own key at a provider added",
    say: ({ who, after }) => said`${who} added ${keyOf(after)}`,
  },
  "provider_key.removed": {
    topic: "access",
    label: "Own key at a provider deleted",
    say: ({ who, before }) => said`${who} deleted ${keyOf(before)}`,
  },
  "provider_key.tested": {
    topic: "access",
    label: "Own key at a provider tested",
    say: ({ who, after }) =>
      after.ok === true
        ? said`${who} tested ${keyOf(after)}: it works`
        : said`${who} tested ${keyOf(after)}: it does not work`,
  },
  "provider_key.first": {
    topic: "access",
    label: "Own key at a provider put first",
    say: ({ who, after }) => said`${who} put ${keyOf(after)} first`,
  },
  "provider_key.fallback": {
    topic: "access",
    label: "Credits where own keys fail",
    say: ({ who, after }) =>
      after.useCredits === true
        ? said`${who} lets credits pay where their own keys do not answer`
        : said`${who} lets credits pay no more where their own keys do not answer`,
  },
  "openrouter.wanted": {
    topic: "access",
    label: "Account at OpenRouter wanted",
    say: ({ who }) => said`${who} asked for an account at OpenRouter`,
  },
  "openrouter.made": {
    topic: "access",
    label: "Account at OpenRouter made",
    say: () => said`An account at OpenRouter was made`,
  },
  "openrouter.limited": {
    topic: "access",
    label: "Limit of an account at OpenRouter changed",
    say: () => said`The limit of an account at OpenRouter was changed, after its plan or the setting`,
  },
  "openrouter.deleted": {
    topic: "access",
    label: "Account at OpenRouter deleted",
    say: ({ who }) => said`${who} deleted an account at OpenRouter`,
  },
}
