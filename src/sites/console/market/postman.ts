// A product as a Postman collection (v2.1): a request for each endpoint, its stored answers, and the key as a variable. Pure.
import { bodyOf, isSendable, valuesOf } from "./endpoint-shown.ts"
import type { Seen } from "./seen.ts"
import type { Endpoint } from "./site.ts"

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

export function postmanOf(seen: Seen) {
  const { product, baseUrl, endpoints } = seen
  return {
    info: {
      name: product.title,
      description: product.overview || product.tagline,
      version: product.version,
      schema: SCHEMA,
    },
    auth: { type: "bearer", bearer: [{ key: "token", value: "{{apiKey}}", type: "string" }] },
    variable: [
      { key: "baseUrl", value: baseUrl },
      { key: "apiKey", value: "" },
    ],
    item: endpoints.map(itemOf),
  }
}

function itemOf(endpoint: Endpoint) {
  const request = requestOf(endpoint)
  return {
    name: endpoint.title,
    request,
    response: endpoint.examples.map(({ status, meaning, bodyType, body }) => ({
      name: meaning || String(status),
      originalRequest: request,
      code: status,
      header: [{ key: "Content-Type", value: bodyType }],
      body,
    })),
  }
}

/** Postman writes `:city` for what a template calls `{city}`. */
function requestOf(endpoint: Endpoint) {
  const values = valuesOf(endpoint)
  const given = (place: string, name: string) => values.find((one) => one.place === place && one.name === name)
  const at = (place: string) => endpoint.parameters.filter((one) => one.place === place)
  const path = endpoint.path
    .slice(1)
    .split("/")
    // A name inside a segment has no way of writing there: it stays as it is.
    .map((segment) => segment.replace(/^\{([^{}]+)\}$/, ":$1"))
  const query = at("query").map(({ name, description, required, example }) => ({
    key: name,
    value: given("query", name)?.value ?? "",
    description,
    ...(required || example !== null ? {} : { disabled: true }),
  }))
  const sent = query.filter((one) => !("disabled" in one))
  const raw = `{{baseUrl}}/${path.join("/")}${sent.length === 0 ? "" : `?${sent.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&")}`}`
  const body = endpoint.method === "GET" || endpoint.method === "HEAD" ? null : bodyOf(endpoint)
  return {
    method: endpoint.method,
    description: endpoint.description,
    header: [
      ...at("header")
        .filter(isSendable)
        .map(({ name, description, required, example }) => ({
          key: name,
          value: given("header", name)?.value ?? "",
          description,
          ...(required || example !== null ? {} : { disabled: true }),
        })),
      ...(body ? [{ key: "Content-Type", value: body.type }] : []),
    ],
    url: {
      raw,
      host: ["{{baseUrl}}"],
      path,
      query,
      variable: at("path").map(({ name, description }) => ({
        key: name,
        value: given("path", name)?.value ?? "",
        description,
      })),
    },
    ...(body
      ? {
          body: {
            mode: "raw",
            raw: body.text,
            options: { raw: { language: /json/i.test(body.type) ? "json" : "text" } },
          },
        }
      : {}),
  }
}
