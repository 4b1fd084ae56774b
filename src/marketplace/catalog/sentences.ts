// What the audit log says of publishers and products.
import { type AuditFacts, type Sentence, type Sentences, said } from "../../part/index.ts"

const nameIn = ({ before, after, what }: AuditFacts) => {
  const name = after.title ?? before.title ?? after.name ?? before.name
  return { ...what, name: typeof name === "string" ? name : what.name }
}

const product = (label: string, verb: string): Sentence => ({
  topic: "apps",
  label,
  say: (facts) => said`${facts.who} ${verb} the API product ${nameIn(facts)}`,
})

const written = (label: string, verb: string): Sentence => ({
  topic: "apps",
  label,
  say: (facts) => said`${facts.who} ${verb} of the API product ${nameIn(facts)}`,
})

const endpoint = (label: string, verb: string): Sentence => ({
  topic: "apps",
  label,
  say({ who, what, before, after }) {
    const route = after.route ?? before.route
    return said`${who} ${verb} ${typeof route === "string" ? route : "an endpoint"} of the API product ${what}`
  },
})

export const CATALOG_SENTENCES: Sentences = {
  "publisher.created": {
    topic: "apps",
    label: "Publisher",
    say: (facts) => said`${facts.who} became the publisher ${nameIn(facts)}`,
  },
  "publisher.edited": {
    topic: "apps",
    label: "Publisher changed",
    say: (facts) => said`${facts.who} changed the publisher ${nameIn(facts)}`,
  },
  "publisher.commission_set": {
    topic: "money",
    label: "Commission of a publisher",
    say: (facts) => said`${facts.who} set the commission of the publisher ${nameIn(facts)}`,
  },
  "publisher.host_proven": {
    topic: "apps",
    label: "Server proven",
    say: ({ who, what, after }) =>
      after.by === "admin"
        ? said`${who} vouched for the server ${typeof after.host === "string" ? after.host : ""} of ${what}`
        : said`${what} proved the server ${typeof after.host === "string" ? after.host : ""}`,
  },
  "publisher.host_unproven": {
    topic: "apps",
    label: "Server no longer proven",
    say: ({ what, after }) =>
      said`${what} lost the proof of the server ${typeof after.host === "string" ? after.host : ""}`,
  },
  "product.created": product("API product made", "made"),
  "product.edited": product("API product changed", "changed"),
  "product.deleted": product("API product deleted", "deleted"),
  "product.signing_rolled": {
    topic: "access",
    label: "Signing key of an API product",
    say: (facts) => said`${facts.who} made a new signing key for the API product ${nameIn(facts)}`,
  },
  "product.draft": product("API product sent back", "sent back"),
  "product.review": product("API product handed in", "handed in"),
  "product.published": product("API product published", "published"),
  "product.unpublished": product("API product unpublished", "unpublished"),
  "product.suspended": product("API product suspended", "suspended"),
  "product.featured": product("API product featured", "featured"),
  "product.unfeatured": product("API product no longer featured", "stopped featuring"),
  "product.commission_set": {
    topic: "money",
    label: "Commission of an API product",
    say: (facts) => said`${facts.who} set the commission of the API product ${nameIn(facts)}`,
  },
  "product.guide_saved": written("Guide of an API saved", "saved a guide"),
  "product.guide_removed": written("Guide of an API removed", "removed a guide"),
  "product.change_added": written("Change of an API announced", "announced a change"),
  "product.change_edited": written("Change of an API edited", "edited an announced change"),
  "product.change_removed": written("Change of an API removed", "removed an announced change"),
  "product.support_changed": written("Support of an API changed", "changed the support"),
  "endpoint.added": endpoint("Endpoint added", "added"),
  "endpoint.edited": endpoint("Endpoint changed", "changed"),
  "endpoint.removed": endpoint("Endpoint removed", "removed"),
  "endpoints.set": {
    topic: "apps",
    label: "Endpoints imported",
    say: (facts) => said`${facts.who} set all endpoints of the API product ${nameIn(facts)}`,
  },
}
